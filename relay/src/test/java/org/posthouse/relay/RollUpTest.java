package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.policy.Route;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.sim.SimNetwork;

import java.time.Duration;
import java.util.List;

/** Domains with the same exchangers are one site; the DNS is the domain's own affair. */
class RollUpTest {
    private static final String X = "192.0.2.25";
    private static final List<String> DOMAINS = List.of("x.example", "y.example", "z.example");

    private final World world = new World();

    private ScriptedPeer peer() {
        world.sim.dns().address("mx.hoster.example", X);
        for (String domain : DOMAINS) {
            world.sim.dns().mx(domain, 10, "mx.hoster.example");
        }
        return world.peer(X);
    }

    private void sendToAll(int count) {
        for (int i = 0; i < count; i++) {
            for (String domain : DOMAINS) {
                world.send("r" + i + "@" + domain);
            }
        }
    }

    private static Exchangers.Host host(int preference, String name) {
        return new Exchangers.Host(name, preference, 25, List.of(SimNetwork.address(X)));
    }

    @Test
    void aSiteIsNamedByItsExchangersInTheirOrder() {
        var hop =
                new Hop.Exchange(
                        "mx default x.example",
                        "x.example",
                        new Route.Mx(Route.Hop.DEFAULT, false));
        assertThat(hop.siteOf(List.of(host(20, "c"), host(10, "b"), host(10, "a"))))
                .isEqualTo("mx default {a,b c}");
        assertThat(hop.siteOf(List.of(host(1, "c"), host(0, "a"), host(0, "b"))))
                .isEqualTo("mx default {a,b c}");
        assertThat(hop.siteOf(List.of(host(1, "a"), host(2, "b"), host(2, "c"))))
                .isEqualTo("mx default {a b,c}");
    }

    @Test
    void whatWasLearnedIsKeptForAWhileAndBounded() {
        var rollUp = new RollUp();
        rollUp.learn("mx x", "mx {a}", 1000);
        assertThat(rollUp.siteOf("mx x", 300_999)).isEqualTo("mx {a}");
        assertThat(rollUp.siteOf("mx x", 301_000)).isEqualTo("mx x");
        assertThat(rollUp.lastSiteOf("mx x", 3_600_999)).isEqualTo("mx {a}");
        assertThat(rollUp.lastSiteOf("mx x", 3_601_000)).isEqualTo("mx x");
        assertThat(rollUp.siteOf("mx y", 1000)).isEqualTo("mx y");
        for (int i = 0; i < RollUp.DOMAINS_MAX; i++) {
            rollUp.learn("d" + i, "mx {a}", 1000);
        }
        assertThat(rollUp.siteOf("mx x", 1000)).isEqualTo("mx x");
        assertThat(rollUp.siteOf("d0", 1000)).isEqualTo("mx {a}");
        rollUp.forget("d0");
        assertThat(rollUp.siteOf("d0", 1000)).isEqualTo("d0");
    }

    @Test
    void oneConnectionServesAllDomainsOfAHoster() {
        world.run(
                () -> {
                    var peer = peer();
                    for (String domain : DOMAINS) {
                        world.send("a@" + domain);
                        world.sim.settle();
                    }
                    sendToAll(3);
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(peer.received()).hasSize(12);
                    assertThat(peer.connections()).isEqualTo(1);
                });
    }

    @Test
    void aDeadHosterIsProbedOnceForAllItsDomains() {
        world.run(
                () -> {
                    var peer = peer();
                    world.sim.network().host(X).refuse(true);
                    sendToAll(50);
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(world.deferred()).hasSizeLessThan(25);
                    assertThat(world.current().counts().parked())
                            .isEqualTo(Parking.SITE_PARKED_MAX);
                    world.sim.network().host(X).refuse(false);
                    assertThat(world.current().retryNow("y.example")).isPositive();
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(peer.received()).hasSizeGreaterThan(50);
                    world.sim.advance(Duration.ofMinutes(8));
                    assertThat(peer.received()).hasSize(150);
                });
    }

    @Test
    void newMailOfAnotherDomainDoesNotPassTheCircuitEither() {
        world.run(
                () -> {
                    var peer = peer();
                    world.sim.network().host(X).refuse(true);
                    world.send("a@x.example");
                    world.sim.advance(Duration.ofSeconds(10));
                    world.sim.network().host(X).refuse(false);
                    for (int i = 0; i < 20; i++) {
                        world.send("b" + i + "@y.example");
                    }
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(peer.received()).isEmpty();
                    world.sim.advance(Duration.ofSeconds(30));
                    assertThat(peer.received()).hasSize(21);
                });
    }

    @Test
    void aDomainThatCanNotBeLookedUpHoldsUpNobodyElse() {
        world.run(
                () -> {
                    var peer = peer();
                    sendToAll(1);
                    world.sim.settle();
                    world.sim.dns().failTemporarily("x.example");
                    world.sim.network().host(X).resetConnections();
                    world.sim.advance(Duration.ofMinutes(6));
                    for (int i = 0; i < 200; i++) {
                        world.send("r" + i + "@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    sendToAll(1);
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(5);
                    assertThat(world.deferred())
                            .allMatch(e -> e.recipient().domain().equals("x.example"))
                            .allMatch(e -> e.reply().toString().startsWith("451 4.4.3"));
                    int told = world.deferred().size();
                    assertThat(told).isLessThan(10);
                    world.sim.dns().heal("x.example");
                    assertThat(world.current().retryNow("x.example")).isPositive();
                    world.sim.advance(Duration.ofSeconds(20));
                    assertThat(peer.received()).hasSize(206);
                    assertThat(world.deferred()).hasSize(told);
                });
    }

    /** The answer says that there is nothing to deliver to; that is an answer all the same. */
    @Test
    void anAnswerOfTheDnsEndsTheWaitWhateverItIs() {
        world.run(
                () -> {
                    world.sim.dns().failTemporarily("gone.example");
                    for (int i = 0; i < 150; i++) {
                        world.send("r" + i + "@gone.example");
                    }
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(world.failed()).isEmpty();
                    world.sim.dns().heal("gone.example");
                    world.sim.advance(Duration.ofMinutes(6));
                    assertThat(world.failed()).hasSize(150);
                    assertThat(world.current().counts().parked()).isZero();
                });
    }
}

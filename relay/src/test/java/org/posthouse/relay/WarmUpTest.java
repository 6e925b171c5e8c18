package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Source;
import org.posthouse.policy.WarmUp;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.List;

/** Sources that receivers do not know yet. */
class WarmUpTest {
    private static final int MORE = 3;

    private final World world = new World();

    private Source fresh(String name) {
        var warmUp = new WarmUp(world.sim.time().now(), 48, Duration.ofDays(1));
        return new Source(List.of(), name, 1, warmUp);
    }

    private ScriptedPeer peer(Source... sources) {
        var hop =
                new Route.Hop(
                        25,
                        Route.TlsMode.OFF,
                        Route.Credentials.NONE,
                        5,
                        List.of(sources),
                        Duration.ofSeconds(1),
                        0,
                        OwnCertificate.NONE,
                        Route.Streaming.LEARNED);
        world.rules = World.rules(World.route("pool", new Route.Mx(hop, false)));
        return world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
    }

    /** Messages by the source of this name; each connection says its name once. */
    private static long by(String name, ScriptedPeer peer) {
        List<String> names = peer.commands().stream().filter(c -> c.startsWith("EHLO")).toList();
        return peer.received().stream()
                .filter(each -> names.get(each.connection() - 1).equals("EHLO " + name))
                .count();
    }

    @Test
    void aloneItSendsAsMuchAsItsDayAllowsOverARestart() {
        world.durable = true;
        world.run(
                () -> {
                    var peer = peer(fresh("new.us.example"));
                    world.send(300, "r@x.example");
                    world.sim.advance(Duration.ofHours(6));
                    assertThat(peer.received()).hasSizeBetween(12, 12 + MORE);
                    world.restart();
                    world.sim.advance(Duration.ofHours(18));
                    assertThat(peer.received()).hasSizeBetween(48 - MORE, 48 + MORE);
                    world.sim.advance(Duration.ofDays(1));
                    assertThat(peer.received()).hasSizeBetween(144 - MORE, 144 + MORE);
                    world.sim.advance(Duration.ofDays(1));
                    assertThat(peer.received()).hasSize(300);
                    assertThat(world.deferred()).as("nobody is charged for waiting").isEmpty();
                    assertThat(peer.connections()).isLessThanOrEqualTo(300);
                });
    }

    @Test
    void whatIsMoreGoesByTheOthersWithoutWaiting() {
        world.run(
                () -> {
                    var known = new Source(List.of(), "old.us.example", 1);
                    var peer = peer(known, fresh("new.us.example"));
                    for (int minute = 0; minute < 600; minute++) {
                        world.send(2, "r@x.example");
                        world.sim.advance(Duration.ofMinutes(1));
                    }
                    assertThat(peer.received()).hasSizeBetween(1197, 1200);
                    assertThat(by("new.us.example", peer)).isBetween(16L, 20L + MORE);
                });
    }

    @Test
    void aBurstGoesByTheOthersWithinSeconds() {
        world.run(
                () -> {
                    var known = new Source(List.of(), "old.us.example", 1);
                    var peer = peer(fresh("new.us.example"), known);
                    world.send(200, "r@x.example");
                    world.sim.advance(Duration.ofSeconds(40));
                    assertThat(peer.received()).hasSizeGreaterThanOrEqualTo(200 - MORE);
                    assertThat(by("new.us.example", peer)).isBetween(1L, (long) MORE);
                });
    }

    @Test
    void whatWasGreylistedStaysWithIt() {
        world.run(
                () -> {
                    var known = new Source(List.of(), "old.us.example", 1);
                    var peer = peer(fresh("new.us.example"), known);
                    peer.once("RCPT", "450 4.7.1 greylisted", "450 4.7.1 greylisted");
                    world.send(2, "r@x.example");
                    world.sim.advance(Duration.ofHours(3));
                    assertThat(peer.received()).hasSize(2);
                });
    }

    @Test
    void oneThatIsKnownByNowHasNoBound() {
        world.run(
                () -> {
                    var peer = peer(fresh("new.us.example"));
                    world.sim.advance(Duration.ofDays(22));
                    world.send(2000, "r@x.example");
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(peer.received()).hasSize(2000);
                });
    }
}

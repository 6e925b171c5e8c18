package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Credentials;
import org.posthouse.policy.Route.Hop;
import org.posthouse.policy.Route.HostPort;
import org.posthouse.policy.Route.Peer;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.sim.SimPlatform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Several hosts of one route. */
class PeersTest {
    private static final Hop OFF = World.hop(TlsMode.OFF, 1);
    private static final String FIRST = "192.0.2.1";
    private static final String SECOND = "192.0.2.2";

    private final World world = new World();

    private static Peer peer(String host, int order, int weight) {
        return new Peer(new HostPort(host, 25), order, weight, TlsMode.OFF, Credentials.NONE);
    }

    private void route(Peer... peers) {
        world.rules = World.rules(World.route("smart", new Route.Smarthost(List.of(peers), OFF)));
    }

    /** Shares of ten thousand draws by weight, within three standard deviations. */
    @Test
    void thoseOfOneOrderShareByWeightAndTheNextOrderComesBehind() {
        List<Peer> peers =
                List.of(peer("c", 2, 9), peer("a", 1, 3), peer("b", 1, 1), peer("z", 1, 0));
        var sim = new SimPlatform(5);
        int a = 0;
        int z = 0;
        for (int i = 0; i < 10_000; i++) {
            List<Peer> order = PeerOrder.of(peers, sim.entropy());
            assertThat(order).containsExactlyInAnyOrderElementsOf(peers);
            assertThat(order.getLast()).isEqualTo(peers.getFirst());
            a += order.getFirst().equals(peers.get(1)) ? 1 : 0;
            z += order.getFirst().equals(peers.get(3)) ? 1 : 0;
        }
        assertThat(a).isBetween(7300, 7650);
        assertThat(z).isBetween(5, 60);
    }

    @Test
    void aDeadOneCostsATimeOutOnceAndIsAskedAgainWhenItsTimeIsOver() {
        route(peer(FIRST, 1, 1), peer(SECOND, 2, 1));
        world.run(
                () -> {
                    var first = world.peer(FIRST);
                    var second = world.peer(SECOND);
                    world.sim.network().host(FIRST).blackhole(true);
                    List<Long> took = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        long begun = world.sim.time().nanos();
                        world.send("ada@x.example");
                        world.sim.settle();
                        while (second.received().size() <= i) {
                            world.sim.advance(Duration.ofSeconds(1));
                        }
                        took.add((world.sim.time().nanos() - begun) / 1_000_000_000);
                        world.sim.advance(Duration.ofMinutes(1)); // the connection ends meanwhile
                    }
                    assertThat(took.getFirst()).isBetween(29L, 31L);
                    // 30 s, 1, 2, 4, 5, 5, 5 … minutes apart: at most one in three in this time
                    assertThat(took).filteredOn(each -> each >= 29).hasSizeBetween(4, 7);
                    assertThat(took).filteredOn(each -> each <= 1).hasSizeGreaterThan(12);
                    world.sim.network().host(FIRST).blackhole(false);
                    world.sim.advance(Duration.ofMinutes(6));
                    world.send("ada@x.example");
                    world.sim.settle();
                    assertThat(first.received()).hasSize(1);
                    assertThat(world.delivered().getLast()).contains(FIRST);
                });
    }

    /** Both addresses are dialled at the same time, so that no try is for the last one only. */
    @Test
    void aDeadOneOfBothFamiliesIsAskedLastForAWhile() {
        var peers = List.of(peer("smart.example", 1, 1), peer(SECOND, 2, 1));
        var idle = Duration.ofSeconds(1);
        var own = List.of(Route.Source.MACHINE);
        var hop =
                new Hop(
                        25,
                        TlsMode.OFF,
                        Credentials.NONE,
                        1,
                        own,
                        idle,
                        0,
                        OwnCertificate.NONE,
                        Route.Streaming.LEARNED);
        world.rules = World.rules(World.route("smart", new Route.Smarthost(peers, hop)));
        world.sim.dns().address("smart.example", "2001:db8::1", FIRST);
        world.run(
                () -> {
                    var second = world.peer(SECOND);
                    world.sim.network().host("2001:db8::1").blackhole(true);
                    world.sim.network().host(FIRST).blackhole(true);
                    world.send("ada@x.example");
                    world.sim.advance(Duration.ofSeconds(31));
                    assertThat(second.received()).hasSize(1);
                    world.sim.advance(Duration.ofSeconds(20)); // the connection ends meanwhile
                    world.send("ada@x.example");
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(second.received()).hasSize(2);
                    assertThat(second.connections()).isEqualTo(2);
                });
    }

    /** Nothing can be had from it on safe terms at any of its addresses. */
    @Test
    void oneWhoseAddressesAreAllLeftOutIsAskedLastToo() {
        var plan =
                new HostPlan(
                        List.of(
                                new Exchangers.Host(
                                        "smart.example",
                                        0,
                                        25,
                                        List.of(
                                                AddressLiteral.parse(FIRST).orElseThrow(),
                                                AddressLiteral.parse(SECOND).orElseThrow()))));
        assertThat(plan.next()).isTrue();
        assertThat(plan.isLastAddress()).isFalse();
        plan.skipHost();
        assertThat(plan.isLastAddress()).isTrue();
        assertThat(plan.next()).isFalse();
    }

    @Test
    void whenAllAreDeadTheMailWaitsAndTheFirstOfThemIsUsedWhenItComesBack() {
        route(peer(FIRST, 1, 1), peer(SECOND, 2, 1));
        world.run(
                () -> {
                    var first = world.peer(FIRST);
                    world.peer(SECOND);
                    world.sim.network().host(FIRST).refuse(true);
                    world.sim.network().host(SECOND).refuse(true);
                    world.send("ada@x.example");
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(world.delivered()).isEmpty();
                    world.sim.network().host(FIRST).refuse(false);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(first.received()).hasSize(1);
                });
    }

    @Test
    void eachHasPortTlsAndLoginOfItsOwn() {
        var login = new Credentials("ada", "secret");
        route(
                new Peer(new HostPort(FIRST, 2525), 1, 1, TlsMode.OFF, login),
                new Peer(new HostPort(SECOND, 465), 2, 1, TlsMode.IMPLICIT, Credentials.NONE));
        world.run(
                () -> {
                    var first =
                            new ScriptedPeer(world.sim, FIRST, 2525)
                                    .offers("AUTH PLAIN")
                                    .once("AUTH", "535 5.7.8 no");
                    var second = new ScriptedPeer(world.sim, SECOND, 465).implicitTls();
                    world.peers.addAll(List.of(first, second));
                    world.sim.network().host(SECOND).certificateFor(SECOND);
                    world.send("ada@x.example");
                    world.sim.settle();
                    assertThat(first.commands()).contains("AUTH PLAIN AGFkYQBzZWNyZXQ=");
                    assertThat(second.commands()).noneMatch(each -> each.startsWith("AUTH"));
                    assertThat(second.received()).hasSize(1);
                });
    }
}

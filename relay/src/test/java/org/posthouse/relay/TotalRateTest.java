package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What bounds all next hops together. */
class TotalRateTest {
    private static final int HOSTS = 20;

    private final World world = new World();
    private final List<ScriptedPeer> peers = new ArrayList<>();

    private void total(int messages, int connections) {
        world.sharing(
                new RelaySettings.Sharing(
                        List.of(), List.of(), new RelaySettings.Total(messages, connections)));
    }

    private void hosts() {
        for (int i = 0; i < HOSTS; i++) {
            peers.add(
                    world.exchanger(
                            "d" + i + ".example",
                            10,
                            "mx.d" + i + ".example",
                            "192.0.2." + (10 + i)));
        }
    }

    private void send(int each) {
        for (int i = 0; i < HOSTS; i++) {
            world.send(each, "r@d" + i + ".example");
        }
    }

    private int received() {
        return peers.stream().mapToInt(peer -> peer.received().size()).sum();
    }

    private int connections() {
        return peers.stream().mapToInt(ScriptedPeer::connections).sum();
    }

    @Test
    void messagesToAllAreCountedTogetherAndEachHostHasItsTurn() {
        total(120, 0);
        world.run(
                () -> {
                    hosts();
                    send(60);
                    for (int minute = 1; minute <= 9; minute++) {
                        world.sim.advance(Duration.ofMinutes(1));
                        assertThat(received()).isBetween(120 * minute - 6, 120 * minute + 3);
                    }
                    assertThat(peers).allSatisfy(p -> assertThat(p.received()).isNotEmpty());
                    world.sim.advance(Duration.ofMinutes(4));
                    assertThat(received()).isEqualTo(60 * HOSTS);
                    assertThat(world.deferred()).as("nobody is charged for waiting").isEmpty();
                });
    }

    @Test
    void aBacklogWaitsInTheSpoolAndLocalMailIsNotBounded() {
        total(60, 0);
        world.activeMax(200);
        world.run(
                () -> {
                    hosts();
                    send(100);
                    for (int minute = 1; minute <= 20; minute++) {
                        world.send("bob@us.example");
                        world.sim.advance(Duration.ofMinutes(1));
                        assertThat(received()).isBetween(54 * minute, 60 * minute + 3);
                        assertThat(world.stored).hasSize(minute);
                    }
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(received()).isEqualTo(100 * HOSTS);
                    assertThat(world.deferred()).isEmpty();
                });
    }

    @Test
    void connectionsToAllAreCountedTogetherAndTheMailGoesByThoseThereAre() {
        total(0, 6);
        world.run(
                () -> {
                    hosts();
                    send(30);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(connections()).isBetween(11, 14);
                    assertThat(received()).isGreaterThanOrEqualTo(30 * 10);
                    world.sim.advance(Duration.ofMinutes(3));
                    assertThat(received()).isEqualTo(30 * HOSTS);
                    assertThat(connections()).isLessThanOrEqualTo(32);
                    assertThat(world.deferred()).isEmpty();
                });
    }

    @Test
    void triesThatFailCountAndWhatTheyWereAheadIsMadeUpFor() {
        total(0, 6);
        world.run(
                () -> {
                    ScriptedPeer peer =
                            world.exchanger("x.example", 10, "mx.x.example", "192.0.2.9");
                    for (int i = 0; i < 4; i++) {
                        String host = "dead" + i + ".x.example";
                        world.sim.dns().mx("x.example", 5, host).address(host, "192.0.2.1" + i);
                        world.sim.network().host("192.0.2.1" + i).refuse(true);
                    }
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(peer.received()).hasSize(1);
                    hosts();
                    world.send("bob@d9.example");
                    world.sim.advance(Duration.ofSeconds(38));
                    assertThat(received()).as("five tries at once").isZero();
                    world.sim.advance(Duration.ofSeconds(15));
                    assertThat(received()).isEqualTo(1);
                });
    }

    @Test
    void aStopDoesNotWaitForTheRate() {
        total(1, 1);
        world.run(
                () -> {
                    hosts();
                    send(3);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(received()).isBetween(1, 3);
                });
        assertThat(world.deferred()).isEmpty();
    }
}

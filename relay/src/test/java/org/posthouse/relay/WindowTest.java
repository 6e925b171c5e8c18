package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;

/** What a host does about connections, and how many it then gets. */
class WindowTest {
    private static final String X = "192.0.2.25";

    private final World world = new World();

    private ScriptedPeer peer() {
        world.sim.network().latency(Duration.ofMillis(25), Duration.ofMillis(5));
        return world.exchanger("x.example", 10, "mx.x.example", X);
    }

    private void send(int count) {
        world.send(count, "r@x.example");
    }

    @Test
    void aLimitThatIsSaidAtMailIsOneOfConnections() {
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    peer.always("MAIL", "421 4.3.2 Too many concurrent sessions");
                    send(1);
                    world.sim.advance(Duration.ofSeconds(2));
                    peer.heal("MAIL");
                    world.sim.advance(Duration.ofSeconds(90));
                    assertThat(peer.received()).hasSize(1);
                    send(300);
                    world.sim.advance(Duration.ofSeconds(40));
                    assertThat(peer.connectionsAtOnceMax()).isLessThanOrEqualTo(4);
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(peer.received()).hasSize(301);
                    assertThat(world.failed()).isEmpty();
                });
    }

    @Test
    void aTimeOutBesideOthersSaysNothingOfTheirNumber() {
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    send(400);
                    world.sim.advance(Duration.ofSeconds(3));
                    int before = peer.connectionsAtOnceMax();
                    assertThat(before).isGreaterThan(3);
                    world.sim.network().host(X).blackhole(true);
                    world.sim.advance(Duration.ofSeconds(5));
                    world.sim.network().host(X).blackhole(false);
                    world.sim.advance(Duration.ofMinutes(1));
                    send(4000);
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(peer.connectionsAtOnceMax()).isGreaterThanOrEqualTo(before);
                    assertThat(peer.received()).hasSize(4400);
                });
    }

    @Test
    void aWallClockThatIsSetBackStopsNoProbe() {
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    world.sim.network().host(X).refuse(true);
                    send(3);
                    world.sim.advance(Duration.ofMinutes(10));
                    world.sim.time().jumpWallClock(Duration.ofHours(-5));
                    world.sim.network().host(X).refuse(false);
                    world.sim.advance(Duration.ofMinutes(6));
                    send(1);
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(peer.received()).isNotEmpty();
                    world.sim.advance(Duration.ofSeconds(30));
                    assertThat(peer.received()).hasSize(4);
                });
    }
}

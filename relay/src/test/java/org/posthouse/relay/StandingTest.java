package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.relay.Standing.Pace;

import java.time.Duration;
import java.util.List;

/** How it stands with the next hops of domains. */
class StandingTest {
    private static final String X = "192.0.2.25";

    private final World world = new World();

    private Standing standing(String domain) {
        return world.current().standings(List.of(domain)).get(domain);
    }

    @Test
    void domainsWithTheSameExchangersAreToldTheSame() {
        world.run(
                () -> {
                    world.exchanger("x.example", 10, "mx.x.example", X);
                    world.sim.dns().mx("y.example", 10, "mx.x.example");
                    world.sim.network().latency(Duration.ofMillis(200), Duration.ZERO);
                    world.send(100, "r@x.example");
                    world.send(1, "r@y.example");
                    world.sim.advance(Duration.ofSeconds(5));
                    var asked = List.of("y.example", "x.example", "none.example");
                    var told = world.current().standings(asked);
                    assertThat(told).containsOnlyKeys("y.example", "x.example");
                    assertThat(told.get("y.example")).isEqualTo(told.get("x.example"));
                    Standing standing = told.get("x.example");
                    assertThat(standing.pace()).isEqualTo(Pace.FREE);
                    assertThat(standing.connections())
                            .isPositive()
                            .isEqualTo(world.current().counts().connections())
                            .isLessThanOrEqualTo(standing.connectionsMax());
                    assertThat(standing.nextTryAt()).isEqualTo(world.sim.time().now());
                });
    }

    @Test
    void aDeadHostPausesUntilItsNextTry() {
        world.run(
                () -> {
                    world.exchanger("x.example", 10, "mx.x.example", X);
                    world.sim.network().host(X).refuse(true);
                    world.send(20, "r@x.example");
                    world.sim.advance(Duration.ofHours(1));
                    Standing standing = standing("x.example");
                    assertThat(standing.pace()).isEqualTo(Pace.PAUSING);
                    assertThat(standing.connections()).isZero();
                    assertThat(standing.nextTryAt())
                            .isAfter(world.sim.time().now())
                            .isEqualTo(world.current().learned("x.example").getFirst().until());
                });
    }

    @Test
    void whoComplainsSlowsUsAndThenPausesUs() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", X);
                    peer.always("MAIL", "450 4.7.28 unusual rate of mail from you");
                    world.send(1, "r@x.example");
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(standing("x.example").pace()).isEqualTo(Pace.SLOWED);
                    world.send(30, "r@x.example");
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(standing("x.example").pace()).isEqualTo(Pace.PAUSING);
                    assertThat(world.current().clear("x.example")).isNotEmpty();
                    assertThat(standing("x.example").pace()).isEqualTo(Pace.FREE);
                });
    }

    @Test
    void aHostThatTakesNoMoreBoundsTheConnections() {
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", X);
                    peer.takesAtOnce(2, "421 4.3.2 too many connections");
                    world.sim.network().latency(Duration.ofMillis(25), Duration.ofMillis(5));
                    world.send(600, "r@x.example");
                    world.sim.advance(Duration.ofSeconds(2));
                    Standing busy = standing("x.example");
                    assertThat(busy.pace()).isEqualTo(Pace.SLOWED);
                    assertThat(busy.connections()).isEqualTo(2);
                    assertThat(busy.connectionsMax()).isEqualTo(2);
                });
    }
}

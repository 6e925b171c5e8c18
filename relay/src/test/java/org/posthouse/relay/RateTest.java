package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Outcome;
import org.posthouse.policy.Route;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;

/** As fast as a route and a host want it, and whoever waits for that loses nothing. */
class RateTest {
    private static final String TOO_FAST = "450 4.7.28 unusual rate of mail from you";

    private final World world = new World();

    private ScriptedPeer peer() {
        return world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
    }

    private void route(int perMinute) {
        var hop =
                new Route.Hop(
                        25,
                        Route.TlsMode.OPPORTUNISTIC,
                        Route.Credentials.NONE,
                        20,
                        "",
                        "",
                        Duration.ofSeconds(30),
                        perMinute);
        world.rules = World.rules(World.route("default", new Route.Mx(hop, false)));
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            world.send("r" + i + "@x.example");
        }
    }

    @Test
    void aRoutesRateIsKeptWhateverWaits() {
        route(30);
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    send(2000);
                    for (int minute = 1; minute <= 60; minute++) {
                        world.sim.advance(Duration.ofMinutes(1));
                        assertThat(peer.received())
                                .hasSizeBetween(30 * minute - 2, 30 * minute + 2);
                        assertThat(world.current().counts().active()).isLessThan(100);
                    }
                    world.sim.advance(Duration.ofMinutes(8));
                    assertThat(peer.received()).hasSize(2000);
                    assertThat(world.deferred()).as("nobody is charged for waiting").isEmpty();
                    assertThat(peer.connections()).isLessThan(10);
                });
    }

    @Test
    void aSlowRateDoesNotHoldAWorkerBeyondAMinuteOrKeepTheStopWaiting() {
        route(1);
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    send(50);
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(peer.received()).hasSizeBetween(10, 11);
                });
        assertThat(world.deferred()).isEmpty();
    }

    @Test
    void aComplaintSlowsTheSiteDownAndChargesOnlyWhomItWasSaidTo() {
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    world.sim.network().latency(Duration.ofMillis(50), Duration.ofMillis(50));
                    send(100);
                    world.sim.advance(Duration.ofSeconds(30));
                    assertThat(peer.received()).hasSize(100);
                    peer.once("RCPT", TOO_FAST);
                    send(200);
                    world.sim.advance(Duration.ofSeconds(5));
                    int taken = peer.received().size();
                    assertThat(taken).as("what was on its way").isLessThan(180);
                    assertThat(world.deferred()).hasSize(1);
                    assertThat(world.deferred().getFirst().cause()).isEqualTo(Outcome.Cause.RATE);
                    MailEvent.RateChanged told =
                            world.events(MailEvent.RateChanged.class).getFirst();
                    assertThat(told.before()).isEqualTo("no bound");
                    assertThat(told.site()).isEqualTo("mx default {mx.x.example}");
                    world.sim.advance(Duration.ofSeconds(65));
                    double rate = Double.parseDouble(told.after().replace("/minute", ""));
                    assertThat(rate).isBetween(30.0, 150.0);
                    assertThat(peer.received().size() - taken)
                            .isBetween((int) (rate * 0.8), (int) rate + 2);
                    world.sim.advance(Duration.ofMinutes(30));
                    assertThat(peer.received()).hasSize(300);
                    assertThat(world.deferred()).hasSize(1);
                });
    }

    @Test
    void aHostThatAlwaysComplainsIsSuspendedAndSeesFewMessages() {
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    peer.always("MAIL", TOO_FAST);
                    send(500);
                    world.sim.advance(Duration.ofMinutes(25));
                    assertThat(world.deferred()).hasSizeLessThan(40);
                    assertThat(world.events(MailEvent.RateChanged.class).getLast().after())
                            .startsWith("suspended");
                    int seen = peer.commands().size();
                    world.send("late@x.example");
                    world.sim.advance(Duration.ofMinutes(4));
                    assertThat(peer.commands()).as("nothing goes").hasSize(seen);
                    world.assertInStep();
                    peer.heal("MAIL");
                    world.sim.advance(Duration.ofHours(12));
                    assertThat(peer.received()).hasSize(501);
                    assertThat(world.failed()).isEmpty();
                });
    }

    @Test
    void aLargeMessageGoesOnAtTheRateAndItsRefusalCountsOnce() {
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    peer.once("RCPT TO:<r7@", TOO_FAST);
                    String[] to = new String[500];
                    for (int i = 0; i < to.length; i++) {
                        to[i] = "r" + i + "@x.example";
                    }
                    world.send(to);
                    world.sim.advance(Duration.ofSeconds(9));
                    assertThat(peer.received()).hasSize(1);
                    world.sim.advance(Duration.ofMinutes(7));
                    assertThat(world.events(MailEvent.RateChanged.class)).hasSize(1);
                    assertThat(peer.received()).hasSize(5);
                    world.sim.advance(Duration.ofMinutes(30));
                    assertThat(world.delivered()).hasSize(500);
                });
    }

    @Test
    void anOperatorEndsASuspension() {
        world.run(
                () -> {
                    ScriptedPeer peer = peer();
                    peer.always("MAIL", TOO_FAST);
                    send(10);
                    world.sim.advance(Duration.ofMinutes(5));
                    peer.heal("MAIL");
                    assertThat(peer.received()).isEmpty();
                    assertThat(world.current().retryNow("x.example")).isEqualTo(10);
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).isNotEmpty();
                });
    }

    @Test
    void aComplaintOfOneSiteDoesNotSlowAnother() {
        world.run(
                () -> {
                    peer().always("MAIL", TOO_FAST);
                    var other = world.exchanger("y.example", 10, "mx.y.example", "192.0.2.26");
                    send(100);
                    for (int i = 0; i < 300; i++) {
                        world.send("r" + i + "@y.example");
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(other.received()).hasSize(300);
                });
    }
}

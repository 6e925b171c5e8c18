package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Outcome;
import org.posthouse.core.SpoolId;
import org.posthouse.policy.Route;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.spool.Progress;
import org.posthouse.spool.Tried;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is given up when, and what a delivery's record tells meanwhile. */
class ExpiryTest {
    private static final String X = "192.0.2.25";

    private final World world = new World();

    private ScriptedPeer peer() {
        return world.exchanger("x.example", 10, "mx.x.example", X);
    }

    private Progress progress(SpoolId id) {
        return world.spool.delivery(World.first(id)).progress();
    }

    @Test
    void aMessageIsGivenUpAtItsOwnInstantWhereverItWaits() {
        world.durable = true;
        world.run(
                () -> {
                    peer().always("RCPT TO:<busy@", "450 4.2.0 busy");
                    world.exchanger("y.example", 10, "mx.y.example", "192.0.2.26");
                    world.sim.network().host("192.0.2.26").refuse(true);
                    Instant end = world.sim.time().now().plus(Duration.ofMinutes(31));
                    world.expiresAt = end;
                    world.send("busy@x.example");
                    for (int i = 0; i < 120; i++) {
                        world.send("parked@y.example");
                    }
                    world.sim.advance(Duration.ofMinutes(10));
                    world.restart();
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(world.failed()).isEmpty();
                    world.sim.advance(Duration.ofMinutes(1).plusSeconds(1));
                    assertThat(world.failed())
                            .hasSize(121)
                            .allSatisfy(e -> assertThat(e.at()).isBetween(end, end.plusSeconds(1)))
                            .allSatisfy(
                                    e -> assertThat(e.reply().toString()).startsWith("554 5.4.7"));
                    assertThat(world.stored).hasSize(121);
                });
    }

    @Test
    void noAttemptBeginsBehindIt() {
        world.run(
                () -> {
                    var peer = peer();
                    world.expiresAt = world.sim.time().now();
                    world.send("late@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.connections()).isZero();
                    assertThat(world.failed()).hasSize(1);
                    assertThat(world.stored).hasSize(1);
                });
    }

    @Test
    void aReportIsGivenUpAfterADay() {
        world.run(
                () -> {
                    peer().always("RCPT", "550 5.1.1 nobody");
                    world.exchanger("them.example", 10, "mx.them.example", "192.0.2.26");
                    world.sim.network().host("192.0.2.26").refuse(true);
                    world.sendFrom("eve@them.example", "bob@x.example");
                    world.sim.advance(Duration.ofDays(1).minusSeconds(5));
                    assertThat(world.spool.admin().deliveryCount()).isEqualTo(1);
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                    assertThat(world.failed()).hasSize(2);
                });
    }

    @Test
    void theRecordTellsOfAttemptsAndOutlivesARestart() {
        world.durable = true;
        world.run(
                () -> {
                    var peer = peer();
                    peer.once("RCPT", "452 4.2.2 over quota").once(".", ScriptedPeer.CLOSE);
                    peer.always("EHLO", "250 mx.x.example");
                    Instant begin = world.sim.time().now();
                    SpoolId id = world.send("bob@x.example");
                    assertThat(progress(id).tried()).isEmpty();
                    world.sim.settle();
                    Tried first = progress(id).tried().orElseThrow();
                    assertThat(first.cause()).isEqualTo(Outcome.Cause.MAILBOX);
                    assertThat(first.firstAt()).isEqualTo(first.lastAt()).isAfterOrEqualTo(begin);
                    assertThat(first.possibleDuplicate()).isFalse();
                    world.sim.advance(Duration.ofMinutes(19));
                    world.restart();
                    world.sim.settle();
                    Tried second = progress(id).tried().orElseThrow();
                    assertThat(second.cause()).isEqualTo(Outcome.Cause.AMBIGUOUS);
                    assertThat(second.firstAt()).isEqualTo(first.firstAt());
                    assertThat(second.lastAt()).isAfter(first.lastAt());
                    assertThat(second.possibleDuplicate()).isTrue();
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(world.deferred())
                            .extracting(MailEvent.Deferred::possibleDuplicate)
                            .isEqualTo(List.of(false, true));
                    assertThat(world.events(MailEvent.Delivered.class))
                            .singleElement()
                            .satisfies(e -> assertThat(e.possibleDuplicate()).isTrue());
                });
    }

    /** What waits at its site for its turn is no exception. */
    @Test
    void nothingIsSentAfterItsInstantHoweverLongItWaitedForItsTurn() {
        var slow =
                new Route.Hop(
                        25,
                        Route.TlsMode.OFF,
                        Route.Credentials.NONE,
                        1,
                        World.hop(Route.TlsMode.OFF, 1).sources(),
                        Duration.ofSeconds(30),
                        2,
                        World.hop(Route.TlsMode.OFF, 1).certificate(),
                        Route.Streaming.LEARNED);
        world.rules = World.rules(World.route("default", new Route.Mx(slow, false)));
        world.run(
                () -> {
                    var peer = world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
                    world.expiresAt = world.sim.time().now().plusSeconds(75);
                    for (int i = 0; i < 6; i++) {
                        world.send("r" + i + "@x.example");
                    }
                    world.sim.advance(Duration.ofSeconds(80));
                    int inTime = peer.received().size();
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(peer.received()).hasSize(inTime);
                    assertThat(world.failed()).hasSize(6 - inTime);
                });
    }
}

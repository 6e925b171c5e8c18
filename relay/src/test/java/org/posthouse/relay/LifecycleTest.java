package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;

import java.time.Duration;
import java.util.List;

/** Start, stop, restart, and a spool or a store that fails. */
class LifecycleTest {
    private final World world = new World();

    private ScriptedPeer peer() {
        return world.exchanger("x.example", 10, "mx.x.example", "192.0.2.25");
    }

    @Test
    void drainingLetsWhatRunsFinishAndStartsNothing() {
        world.sim.network().latency(Duration.ofMillis(500), Duration.ZERO);
        world.run(
                () -> {
                    var peer = peer();
                    for (int i = 0; i < 30; i++) {
                        world.send("bob@x.example");
                    }
                    world.sim.advance(Duration.ofMillis(2600));
                    world.current().drain(Duration.ofMinutes(1));
                    int taken = peer.received().size();
                    assertThat(taken).isBetween(1, 29);
                    assertThat(world.delivered()).hasSize(taken);
                    assertThat(world.spool.admin().deliveryCount()).isEqualTo(30 - taken);
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(peer.received()).hasSize(taken);
                });
    }

    @Test
    void whatDoesNotFinishInTimeIsCutAndStaysInTheSpool() {
        world.run(
                () -> {
                    var peer = peer().always("MAIL", ScriptedPeer.SILENCE);
                    world.send("bob@x.example");
                    world.sim.network().host("192.0.2.26").blackhole(true);
                    world.exchanger("y.example", 10, "mx.y.example", "192.0.2.26");
                    world.send("bob@y.example");
                    world.sim.settle();
                    long before = world.sim.time().nanos();
                    world.current().drain(Duration.ofSeconds(3));
                    assertThat(Duration.ofNanos(world.sim.time().nanos() - before))
                            .isLessThan(Duration.ofSeconds(10));
                    assertThat(peer.connections()).isEqualTo(1);
                    assertThat(world.deferred()).isEmpty();
                    assertThat(world.spool.admin().deliveryCount()).isEqualTo(2);
                    assertThat(world.events(MailEvent.Trouble.class)).isEmpty();
                });
    }

    @Test
    void whatWasPerhapsDeliveredWhenItWasCutIsNoted() {
        world.run(
                () -> {
                    peer().always(".", ScriptedPeer.SILENCE);
                    SpoolId id = world.send("bob@x.example");
                    world.sim.settle();
                    world.current().drain(Duration.ZERO);
                    assertThat(world.spool.admin().find(World.first(id)))
                            .hasValueSatisfying(q -> assertThat(q.attempts()).isEqualTo(1));
                });
    }

    @Test
    void aRelayClosedTwiceOrNeverStartedIsClosed() {
        world.run(
                () -> {
                    world.current().close();
                    world.current().close();
                });
    }

    @Test
    void whatWaitsIsKnownAfterARestart() {
        world.durable = true;
        world.run(
                () -> {
                    var peer = peer().once("RCPT", "450 4.2.0 busy");
                    SpoolId id = world.send("bob@x.example");
                    world.sim.settle();
                    world.restart();
                    world.sim.advance(Duration.ofMinutes(3));
                    assertThat(peer.received()).isEmpty();
                    assertThat(world.current().find(World.first(id)))
                            .hasValueSatisfying(q -> assertThat(q.attempts()).isEqualTo(1));
                    world.sim.advance(Duration.ofMinutes(4));
                    assertThat(peer.received()).hasSize(1);
                });
    }

    @Test
    void aLargeOverdueBacklogIsLetGoOverAMinute() {
        world.durable = true;
        world.run(
                () -> {
                    world.current().drain(Duration.ZERO);
                    for (int i = 0; i < 1200; i++) {
                        world.send("eve@us.example");
                    }
                    world.restart();
                    world.sim.advance(Duration.ofSeconds(30));
                    assertThat(world.stored.size()).isBetween(450, 750);
                    world.sim.advance(Duration.ofSeconds(31));
                    assertThat(world.stored).hasSize(1200);
                });
    }

    @Test
    void aStoreThatFailsOrThrowsDefers() {
        world.run(
                () -> {
                    world.store =
                            mail -> {
                                throw new IllegalStateException("oops");
                            };
                    world.send("eve@us.example");
                    world.sim.settle();
                    world.store =
                            mail ->
                                    new Outcome.Deferred(
                                            Reply.of(452, "4.3.1", "full"), Outcome.Cause.MAILBOX);
                    world.sim.advance(Duration.ofMinutes(7));
                    world.store = world::keep;
                    world.sim.advance(Duration.ofMinutes(40));
                    assertThat(world.stored).hasSize(1);
                    assertThat(world.deferred()).hasSize(2);
                });
    }

    /** Else those before it get the message again and again, and it never ends. */
    @Test
    void anErrorOfAStoreIsOfItsRecipientAlone() {
        world.run(
                () -> {
                    world.store =
                            mail -> {
                                if (mail.recipient().localPart().equals("bob")) {
                                    throw new AssertionError("oops");
                                }
                                return world.keep(mail);
                            };
                    world.send("eve@us.example", "bob@us.example");
                    world.sim.advance(Duration.ofMinutes(30));
                    assertThat(world.stored).hasSize(1);
                    assertThat(world.deferred()).isNotEmpty();
                    world.store = world::keep;
                    world.sim.advance(Duration.ofHours(3));
                    assertThat(world.stored)
                            .extracting(World.Stored::recipient)
                            .containsExactly("eve@us.example", "bob@us.example");
                });
    }

    @Test
    void outcomesThatCantBeStoredAreKeptAndStoredOnceTheSpoolTakesThem() {
        var failing = new Failing(world.spool);
        world.spool = failing;
        world.run(
                () -> {
                    var peer = peer().always("RCPT TO:<gone@", "550 5.1.1 nobody");
                    failing.fails = true;
                    for (int i = 0; i < 100; i++) {
                        world.send("bob@x.example");
                    }
                    world.send("gone@x.example");
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(world.delivered()).isEmpty();
                    int sent = peer.received().size();
                    assertThat(sent).isBetween(32, 100);
                    failing.fails = false;
                    world.sim.advance(Duration.ofSeconds(6));
                    assertThat(peer.received()).hasSize(100);
                    assertThat(world.delivered()).hasSize(101);
                    assertThat(world.stored).hasSize(1);
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                });
    }

    @Test
    void aSpoolThatNeverTakesThemDoesNotKeepTheRelayFromEnding() {
        var failing = new Failing(world.spool);
        world.spool = failing;
        world.run(
                () -> {
                    peer();
                    failing.fails = true;
                    for (int i = 0; i < 200; i++) {
                        world.send("bob@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(1));
                    world.current().drain(Duration.ofSeconds(5));
                    assertThat(world.spool.admin().deliveryCount()).isEqualTo(200);
                });
    }

    /** On a full disk deferrals are not stored; if they kept the rest waiting, it stayed full. */
    @Test
    void deferralsThatCantBeStoredDoNotKeepEndsWaiting() {
        var full = new Full(world.spool);
        world.spool = full;
        world.run(
                () -> {
                    peer().always("RCPT TO:<later@", "450 4.2.1 later");
                    full.isFull = true;
                    for (int i = 0; i < 60; i++) {
                        world.send((i % 3 == 0 ? "later" : "bob") + "@x.example");
                    }
                    world.sim.advance(Duration.ofMinutes(2));
                    assertThat(world.delivered()).hasSize(40);
                    assertThat(world.spool.admin().deliveryCount()).isEqualTo(20);
                    assertThat(world.deferred()).isEmpty();
                    full.isFull = false;
                    world.sim.advance(Duration.ofSeconds(6));
                    assertThat(world.deferred()).hasSizeGreaterThanOrEqualTo(20);
                });
    }

    @Test
    void whatIsTooLargeForOneCommitIsStoredInPieces() {
        var small = new Small(world.spool);
        world.spool = small;
        world.run(
                () -> {
                    peer().always("RCPT TO:<gone@", "550 5.1.1 nobody");
                    small.most = 0;
                    for (int i = 0; i < 60; i++) {
                        world.send((i % 3 == 0 ? "gone" : "bob") + "@x.example");
                    }
                    world.sim.advance(Duration.ofSeconds(3));
                    assertThat(world.delivered()).isEmpty();
                    small.most = 3;
                    world.sim.advance(Duration.ofSeconds(6));
                    assertThat(world.delivered()).hasSize(60);
                    assertThat(world.failed()).hasSize(20);
                    assertThat(world.stored).hasSize(20);
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                    assertThat(world.events(MailEvent.Trouble.class)).isEmpty();
                    assertThat(small.largest).as("a commit is bounded").isBetween(4, 1024);
                });
    }

    /** Not even repeated failures make a commit grow without a bound. */
    @Test
    void aBatchThatIsNotStoredGrowsToItsBoundOnly() {
        var small = new Small(world.spool);
        world.spool = small;
        world.run(
                () -> {
                    for (int i = 0; i < 40; i++) {
                        String domain = "x" + i + ".example";
                        world.exchanger(domain, 10, "mx." + domain, "192.0.2." + (i + 1));
                        for (int j = 0; j < 50; j++) {
                            world.send("bob@" + domain);
                        }
                    }
                    small.most = 0;
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(small.largest).isBetween(256, 512);
                    small.most = 10_000;
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                });
    }

    /** A spool whose commits are small; with none at all it stores nothing. */
    private static final class Small extends CheckedSpool {
        int most;
        int largest;

        Small(Spool behind) {
            super(behind);
        }

        @Override
        public boolean settle(List<Settlement> settlements) {
            largest = Math.max(largest, settlements.size());
            if (most > 0 && settlements.size() > most) {
                throw new IllegalStateException("too large");
            }
            return most > 0 && super.settle(settlements);
        }
    }

    /** A spool that stores nothing but ends. */
    private static final class Full extends CheckedSpool {
        boolean isFull;

        Full(Spool behind) {
            super(behind);
        }

        @Override
        public boolean settle(List<Settlement> settlements) {
            boolean isStored = !isFull || settlements.stream().allMatch(Settlement::isDone);
            return isStored && super.settle(settlements);
        }
    }

    /** A spool that does not settle when told so. */
    private static final class Failing extends CheckedSpool {
        boolean fails;

        Failing(Spool behind) {
            super(behind);
        }

        @Override
        public boolean settle(List<Settlement> settlements) {
            return !fails && super.settle(settlements);
        }
    }
}

package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SpoolId;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.relay.RelayHooks.FailedAttempt;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.StoredMessage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Long queues: what waits lies in the spool, and nothing of it is forgotten there. */
class BacklogTest {
    private static final String X = "192.0.2.25";

    private final World world = new World();

    private ScriptedPeer peer() {
        return world.exchanger("x.example", 10, "mx.x.example", X);
    }

    private void send(int count, String recipient) {
        for (int i = 0; i < count; i++) {
            world.send(recipient);
        }
    }

    private void refuse(boolean whether) {
        world.sim.network().host(X).refuse(whether);
    }

    @Test
    void fiftyThousandForADeadSiteCostNamesOnlyAndComeWhenItWorks() {
        int count = 50_000;
        world.activeMax(500);
        world.run(
                () -> {
                    var peer = peer();
                    refuse(true);
                    send(count, "bob@x.example");
                    world.sim.advance(Duration.ofHours(2));
                    assertThat(world.books().outMax).isLessThanOrEqualTo(500);
                    assertThat(world.current().counts().parked())
                            .isEqualTo(Parking.SITE_PARKED_MAX);
                    assertThat(world.current().counts().active()).isZero();
                    assertThat(world.books().reads).isLessThan(count / 4);
                    assertThat(world.deferred().size()).isBetween(10, 600);
                    assertThat(world.deferred()).allMatch(e -> e.attempt() == 1);
                    world.assertInStep();
                    refuse(false);
                    world.sim.advance(Duration.ofMinutes(20));
                    assertThat(peer.received()).hasSize(count);
                    assertThat(world.current().counts().parked()).isZero();
                    assertThat(world.books().outMax).isLessThanOrEqualTo(500);
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                });
    }

    @Test
    void manyDeadDomainsBehindOneSmarthostComeAtTheirInstants() {
        var hosts = List.of(new Route.HostPort("smart.example", 25));
        world.rules =
                World.rules(
                        World.route("smart", Route.Smarthost.of(hosts, World.hop(TlsMode.OFF, 5))));
        world.activeMax(100);
        world.run(
                () -> {
                    world.sim.dns().address("smart.example", X);
                    var peer = world.peer(X);
                    refuse(true);
                    for (int i = 0; i < 2000; i++) {
                        world.send("bob@d" + i % 500 + ".example");
                    }
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(world.books().reads).isLessThan(4000);
                    refuse(false);
                    world.sim.advance(Duration.ofMinutes(8));
                    assertThat(peer.received()).hasSize(2000);
                });
    }

    @Test
    void mailForOthersPassesALongQueueOfASlowSite() {
        world.sim.network().latency(Duration.ofMillis(500), Duration.ZERO);
        world.activeMax(40);
        world.rules =
                World.rules(World.route("default", new Route.Mx(World.hop(TlsMode.OFF, 1), false)));
        world.run(
                () -> {
                    var slow = peer();
                    var other = world.exchanger("y.example", 10, "mx.y.example", "192.0.2.26");
                    send(2000, "bob@x.example");
                    world.sim.advance(Duration.ofSeconds(30));
                    world.send("eve@y.example");
                    world.sim.advance(Duration.ofSeconds(8));
                    assertThat(other.received()).hasSize(1);
                    assertThat(slow.received().size()).isLessThan(100);
                    world.sim.advance(Duration.ofHours(2));
                    assertThat(slow.received()).hasSize(2000);
                    assertThat(world.books().outMax).isLessThanOrEqualTo(40);
                });
    }

    @Test
    void aSingleActiveOneIsEnough() {
        world.activeMax(1);
        world.run(
                () -> {
                    var peer = peer();
                    send(50, "bob@x.example");
                    send(50, "eve@us.example");
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(peer.received()).hasSize(50);
                    assertThat(world.stored).hasSize(50);
                    assertThat(world.books().outMax).isEqualTo(1);
                });
    }

    @Test
    void aLargeBacklogBeginsAtOnceAfterARestartAndNothingComesEarly() {
        world.durable = true;
        world.activeMax(200);
        world.run(
                () -> {
                    var peer = peer();
                    peer.always("RCPT TO:<later@", "450 4.2.0 busy");
                    send(300, "later@x.example");
                    world.sim.advance(Duration.ofSeconds(30));
                    assertThat(world.deferred()).hasSize(300);
                    Instant earliest =
                            world.deferred().stream()
                                    .map(MailEvent.Deferred::nextDueAt)
                                    .min(Instant::compareTo)
                                    .orElseThrow();
                    world.current().drain(Duration.ZERO);
                    send(3000, "bob@x.example");
                    world.restart();
                    world.sim.advance(Duration.ofSeconds(1));
                    assertThat(peer.received().size()).isBetween(20, 100);
                    world.sim.advance(Duration.ofSeconds(61));
                    assertThat(peer.received()).hasSize(3000);
                    assertThat(world.deferred()).hasSize(300);
                    assertThat(world.books().reads).isLessThan(3100);
                    world.sim.advance(
                            Duration.between(world.sim.time().now(), earliest).minusMillis(2));
                    assertThat(world.deferred()).hasSize(300);
                    world.sim.advance(Duration.ofMinutes(4));
                    assertThat(world.deferred()).hasSize(600);
                    world.assertInStep();
                });
    }

    @Test
    void whatWaitsByItsOwnScheduleDoesNotComeEarlyWhenItsSiteWorksAgain() {
        world.run(
                () -> {
                    var peer = peer();
                    peer.once("RCPT TO:<grey@", "451 4.7.1 Greylisted, try again in 50 minutes");
                    world.send("grey@x.example");
                    world.sim.settle();
                    refuse(true);
                    send(150, "bob@x.example");
                    world.sim.advance(Duration.ofMinutes(20));
                    refuse(false);
                    world.sim.advance(Duration.ofMinutes(7));
                    assertThat(peer.received()).hasSize(150);
                    world.sim.advance(Duration.ofMinutes(22));
                    assertThat(peer.received()).hasSize(150);
                    world.sim.advance(Duration.ofMinutes(3));
                    assertThat(peer.received()).hasSize(151);
                });
    }

    @Test
    void aHostThatAHookChoseIsTriedAlthoughTheDomainsOwnSiteIsDead() {
        world.hooks =
                new RelayHooks() {
                    @Override
                    public FailedAttempt.Advice failed(FailedAttempt attempt) {
                        boolean special =
                                attempt.outcomes().get(0).recipient().localPart().equals("vip");
                        return new FailedAttempt.Advice(
                                special, Duration.ofSeconds(5), "backup.example:2525");
                    }
                };
        world.run(
                () -> {
                    peer();
                    refuse(true);
                    world.sim.dns().address("backup.example", "10.9.9.9");
                    var backup = new ScriptedPeer(world.sim, "10.9.9.9", 2525);
                    world.peers.add(backup);
                    world.send("vip@x.example");
                    world.sim.settle();
                    send(300, "bob@x.example");
                    world.sim.advance(Duration.ofSeconds(6));
                    assertThat(backup.received()).hasSize(1);
                });
    }

    @Test
    void changedRoutesApplyToWhatIsParkedAtTheNextProbe() {
        world.run(
                () -> {
                    peer();
                    refuse(true);
                    send(300, "bob@x.example");
                    world.sim.advance(Duration.ofHours(1));
                    world.rules = World.rules(World.route("keep", new Route.Store()));
                    world.sim.advance(Duration.ofMinutes(8));
                    assertThat(world.stored).hasSize(300);
                });
    }

    @Test
    void operatorsReachWhatIsParkedAndWhatWaits() {
        world.idleWait(Duration.ofMinutes(2));
        world.run(
                () -> {
                    var peer = peer();
                    refuse(true);
                    List<SpoolId> parked = new ArrayList<>();
                    for (int i = 0; i < 150; i++) {
                        parked.add(world.send("p" + i + "@x.example"));
                    }
                    world.sim.advance(Duration.ofMinutes(30));
                    Relay relay = world.current();
                    // the first ones are known by name, the last ones are not
                    for (int i : List.of(3, 149)) {
                        assertThat(relay.hold(World.first(parked.get(i)))).isTrue();
                        assertThat(relay.hold(World.first(parked.get(i)))).isFalse();
                        assertThat(relay.retryNow(World.first(parked.get(i)))).isFalse();
                    }
                    for (int i : List.of(4, 148)) {
                        assertThat(relay.remove(World.first(parked.get(i)))).isTrue();
                        assertThat(relay.remove(World.first(parked.get(i)))).isFalse();
                    }
                    assertThat(relay.counts().held()).isEqualTo(2);
                    assertThat(relay.counts().deliveries()).isEqualTo(148);
                    world.assertInStep();
                    refuse(false);
                    assertThat(relay.retryNow(World.first(parked.get(147)))).isTrue();
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(peer.received()).hasSize(146);
                    assertThat(relay.release(World.first(parked.get(3)))).isTrue();
                    assertThat(relay.release(World.first(parked.get(3)))).isFalse();
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(147);
                    SpoolId idle = world.send("new@x.example");
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(peer.received()).hasSize(147);
                    assertThat(relay.retryNow(World.first(idle))).isTrue();
                    world.sim.settle();
                    assertThat(peer.received()).hasSize(148);
                    assertThat(relay.retryNow(World.first(idle))).isFalse();
                });
    }

    @Test
    void aWholeDomainIsTriedNowEvenIfItIsNotDueAndItsSiteOnce() {
        world.run(
                () -> {
                    var peer = peer();
                    peer.always("RCPT", "450 4.2.0 busy");
                    send(120, "bob@x.example");
                    world.sim.advance(Duration.ofSeconds(10));
                    peer.heal("RCPT");
                    refuse(true);
                    world.sim.network().host(X).resetConnections();
                    send(130, "eve@x.example");
                    world.sim.advance(Duration.ofMinutes(3));
                    int probes = world.deferred().size();
                    assertThat(world.current().retryNow("x.example")).isEqualTo(250);
                    world.sim.settle();
                    assertThat(world.deferred().size()).isBetween(probes + 1, probes + 2);
                    refuse(false);
                    assertThat(world.current().retryNow("x.example")).isEqualTo(250);
                    world.sim.advance(Duration.ofSeconds(20));
                    assertThat(peer.received()).hasSize(250);
                });
    }

    @Test
    void aDelayIsToldInTimeForAllThatIsParked() {
        world.run(
                () -> {
                    peer();
                    refuse(true);
                    Instant start = world.sim.time().now();
                    send(300, "bob@x.example");
                    world.sim.advance(Duration.ofHours(4).minusSeconds(1));
                    assertThat(world.stored).isEmpty();
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(world.stored).hasSize(300);
                    world.sim.advance(Duration.ofDays(5).minusHours(4).minusSeconds(5));
                    assertThat(world.failed()).isEmpty();
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(world.failed()).hasSize(300);
                    assertThat(world.stored).hasSize(600);
                    assertThat(world.failed())
                            .allSatisfy(
                                    e ->
                                            assertThat(e.at())
                                                    .isBetween(
                                                            start.plus(Duration.ofDays(5)),
                                                            start.plus(Duration.ofDays(5))
                                                                    .plusSeconds(5)));
                    assertThat(world.deferred()).allMatch(e -> e.attempt() == 1);
                });
    }

    @Test
    void aDelayIsToldInTimeAlsoBehindARestart() {
        world.durable = true;
        world.run(
                () -> {
                    peer().always("RCPT", "450 4.2.0 busy");
                    world.sim.dns().mx("y.example", 10, "mx.y.example");
                    world.sim.dns().address("mx.y.example", "192.0.2.26");
                    world.sim.network().host("192.0.2.26").refuse(true);
                    world.send("waits@x.example");
                    send(3, "parked@y.example");
                    SpoolId held = world.send("held@x.example");
                    world.sim.settle();
                    assertThat(world.current().hold(World.first(held))).isTrue();
                    for (int i = 0; i < 7; i++) {
                        world.sim.advance(Duration.ofMinutes(33));
                        world.restart();
                    }
                    world.sim.advance(Duration.ofMinutes(9).minusSeconds(2));
                    assertThat(world.stored).isEmpty();
                    world.sim.advance(Duration.ofSeconds(5));
                    assertThat(world.stored).hasSize(4);
                    world.restart();
                    world.sim.advance(Duration.ofDays(4));
                    world.restart();
                    world.sim.advance(Duration.ofHours(20).minusSeconds(10));
                    assertThat(world.failed()).isEmpty();
                    world.restart();
                    world.sim.advance(Duration.ofSeconds(15));
                    assertThat(world.failed()).hasSize(4);
                    assertThat(world.stored).hasSize(8);
                    assertThat(world.spool.admin().heldCount()).isEqualTo(1);
                });
    }

    @Test
    void whatCantBeReadComesAgainUntilItCan() {
        var unreadable = new Unreadable(world);
        world.spool = unreadable;
        world.run(
                () -> {
                    var peer = peer();
                    unreadable.fails = true;
                    send(20, "bob@x.example");
                    world.sim.advance(Duration.ofSeconds(601));
                    assertThat(peer.received()).isEmpty();
                    assertThat(world.events(MailEvent.Trouble.class)).hasSize(200 + 20);
                    world.assertInStep();
                    unreadable.fails = false;
                    world.sim.advance(Duration.ofSeconds(61));
                    assertThat(peer.received()).hasSize(20);
                });
    }

    /** Messages can't be read when told so. */
    private static final class Unreadable extends CheckedSpool {
        boolean fails;

        Unreadable(World world) {
            super(world.spool);
        }

        @Override
        public StoredMessage message(SpoolId id) {
            if (fails) {
                throw new UncheckedIOException(new IOException("EIO"));
            }
            return super.message(id);
        }
    }

    @Test
    void aReportThatCouldNotBeStoredIsMadeAgainAndNothingIsAttemptedTwice() {
        var refusing = new RefusingReports(world);
        world.spool = refusing;
        world.run(
                () -> {
                    var peer = peer().always("RCPT TO:<gone@", "550 5.1.1 nobody");
                    refusing.left = 5;
                    world.send(
                            Mailbox.parse(World.SENDER),
                            MailOptions.NONE,
                            World.recipients("gone@x.example", "bob@x.example"));
                    world.sim.advance(Duration.ofMinutes(1));
                    assertThat(refusing.left).isZero();
                    assertThat(world.failed()).hasSize(1);
                    assertThat(world.stored).hasSize(1);
                    assertThat(peer.received()).hasSize(1);
                    assertThat(world.spool.admin().deliveryCount()).isZero();
                    refusing.left = 1000;
                    world.send("gone@x.example");
                    world.sim.advance(Duration.ofMinutes(10));
                    world.assertInStep();
                    assertThat(world.events(MailEvent.Trouble.class)).hasSize(1);
                    refusing.left = 0;
                    world.sim.advance(Duration.ofMinutes(10));
                    assertThat(world.failed()).hasSize(2);
                });
    }

    /** Refuses settlements with reports for some times. */
    private static final class RefusingReports extends CheckedSpool {
        int left;

        RefusingReports(World world) {
            super(world.spool);
        }

        @Override
        public boolean settle(List<Settlement> settlements) {
            if (left > 0 && settlements.stream().anyMatch(s -> !s.inserts().isEmpty())) {
                left--;
                throw new IllegalStateException("the content of a report could not be stored");
            }
            return super.settle(settlements);
        }
    }
}

package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Disposition;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Entropy;
import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.Passage;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Hop;
import org.posthouse.relay.Wishes.Wish;
import org.posthouse.spool.QueuedDelivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Where a delivery goes and when it comes again, case by case. */
class PlacementTest {
    private static final Router ROUTER = new Router(SourceChoice.Chooser.FIRST);

    private static final long NOW = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
    private static final ProbeBudget BUDGET = new ProbeBudget(ProbeBudget.PER_SECOND);
    private static final Site.Shares SHARES =
            new Site.Shares(
                    new Streams(new Tenants(List.of())),
                    new Providers(List.of()),
                    Site.Common.NONE,
                    (site, before, after) -> {});
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final RetrySchedule schedule =
            new RetrySchedule(RelaySettings.Retry.DEFAULT, new NoSpread());

    private static DeliveryId id(long acceptedAt, int count) {
        return new DeliveryId(new SpoolId((acceptedAt << 20) + count), 0);
    }

    private static QueuedDelivery queued(DeliveryId id, long dueAt) {
        return queued(id, dueAt, 0, false);
    }

    private static QueuedDelivery queued(DeliveryId id, long dueAt, int attempts, boolean local) {
        Instant due = Instant.ofEpochMilli(dueAt);
        return new QueuedDelivery(
                id, 1, "x.example", local, attempts, due, false, false, false, false, 100);
    }

    private static Delivery delivery(int count) {
        DeliveryId id = id(NOW, count);
        return new Delivery(new Arrival(queued(id, NOW), NOW, NOW, ""), false, false);
    }

    @Test
    void aDeliveryLeavesOnce() {
        var out = new OutSet(8);
        Delivery delivery = delivery(1);
        out.add(delivery);
        assertThat(out.room()).isEqualTo(7);
        assertThat(out.leave(delivery, Delivery.State.BACK)).isTrue();
        assertThat(out.leave(delivery, Delivery.State.GONE)).isFalse();
        assertThat(delivery.state()).isEqualTo(Delivery.State.BACK);
        assertThat(out.room()).isEqualTo(8);
        assertThat(out.isNearlyFull()).isFalse();
        for (int i = 0; i < 6; i++) {
            out.add(delivery(i));
        }
        assertThat(out.isNearlyFull()).isTrue();
    }

    @Test
    void whatIsGivenBackAtASiteComesInTurnAndWithinAWhile() {
        ReturnSlots slots = quiet();
        for (int i = 0; i < 25; i++) {
            assertThat(slots.next(NOW, NOW)).isEqualTo(NOW + i / 10);
        }
        assertThat(slots.next(NOW - 1000, NOW)).isEqualTo(NOW + 2);
        assertThat(slots.next(NOW + 5000, NOW)).isEqualTo(NOW + 5000);
        long last = 0;
        for (int i = 0; i < 10_000_000; i++) {
            last = Math.max(last, slots.next(NOW, NOW));
        }
        assertThat(last).isEqualTo(NOW + Duration.ofMinutes(10).toMillis() - 1);
    }

    /** Where nothing has left for a minute. */
    private static ReturnSlots quiet() {
        var slots = new ReturnSlots();
        long unused = slots.next(0, NOW - Duration.ofMinutes(1).toMillis());
        return slots;
    }

    /** So many milliseconds lie between the first and the last of 30,000 that are given back. */
    private static long within(ReturnSlots slots, long nowMillis) {
        long first = slots.next(nowMillis, nowMillis);
        long last = first;
        for (int i = 0; i < 30_000; i++) {
            last = slots.next(nowMillis, nowMillis);
        }
        return last - first;
    }

    @Test
    void whatIsGivenBackComesTwiceAsFastAsItLeaves() {
        assertThat(within(new ReturnSlots(), NOW)).isEqualTo(300);
        assertThat(within(quiet(), NOW)).isEqualTo(3000);
        ReturnSlots slots = quiet();
        for (int i = 0; i < 15_000; i++) {
            slots.left(NOW);
        }
        assertThat(within(slots, NOW)).isEqualTo(3000);
        assertThat(within(slots, NOW + 1000)).isBetween(980L, 1000L);
        assertThat(within(slots, NOW + 2000)).isGreaterThan(1000).isLessThan(2000);
        assertThat(within(slots, NOW + 20_000)).isEqualTo(3000);
    }

    /** Others were given back until the next probe, but an operator had it tried before. */
    @Test
    void behindAnOutageNothingWaitsForItsTurnInThat() {
        var site = new Site("mx default x.example", 8, BUDGET, SHARES);
        long probe = NOW + 5 * MINUTE.toMillis();
        site.circuit().restore(3, NOW - MINUTE.toMillis(), probe);
        assertThat(site.slots().next(site.opensMillis(NOW), NOW)).isEqualTo(probe);
        site.circuit().probeNow();
        assertThat(site.works(1, NOW)).isNull();
        assertThat(site.turn(NOW)).isEqualTo(NOW + Site.FULL_MILLIS);
    }

    @Test
    void namesOfWhatIsParkedAreBounded() {
        var parking = new Parking();
        List<Site> sites = new ArrayList<>();
        int count = 0;
        for (int s = 0; s < 150; s++) {
            var site = new Site("site " + s, 8, BUDGET, SHARES);
            sites.add(site);
            for (int i = 0; i < 200; i++) {
                parking.park(delivery(count++), site);
            }
            assertThat(site.parked())
                    .hasSizeLessThanOrEqualTo(Parking.SITE_PARKED_MAX)
                    .hasSize(s < 100 ? Parking.SITE_PARKED_MAX : 0);
            assertThat(site.domains()).containsExactly("x.example");
        }
        assertThat(parking.count()).isEqualTo(Parking.PARKED_MAX);
        assertThat(parking.unpark(id(NOW, 0))).isSameAs(sites.get(0));
        assertThat(parking.unpark(id(NOW, 0))).isNull();
        Parking.Waiting waiting = parking.clear(sites.get(0));
        assertThat(waiting.deliveries()).hasSize(99).startsWith(id(NOW, 1));
        assertThat(waiting.domains()).containsExactly("x.example");
        assertThat(parking.count()).isEqualTo(Parking.PARKED_MAX - 100);
        assertThat(parking.isWaitedFor(sites.get(0))).isFalse();
        assertThat(parking.isWaitedFor(sites.get(149))).isTrue();
    }

    @Test
    void aWishIsFulfilledOnceAndOneForADomainEnds() {
        var wishes = new Wishes();
        QueuedDelivery first = queued(id(NOW, 0), NOW);
        QueuedDelivery second = queued(id(NOW, 1), NOW);
        wishes.add(first.id(), Wish.PROBE);
        assertThat(wishes.take(second, NOW)).isEqualTo(Wish.NONE);
        assertThat(wishes.take(first, NOW)).isEqualTo(Wish.PROBE);
        assertThat(wishes.take(first, NOW)).isEqualTo(Wish.NONE);
        wishes.add("x.example", NOW);
        assertThat(wishes.take(first, NOW + 599_999)).isEqualTo(Wish.SOON);
        assertThat(wishes.take(second, NOW + 599_999)).isEqualTo(Wish.SOON);
        assertThat(wishes.take(second, NOW + 600_000)).isEqualTo(Wish.NONE);
        for (int i = 0; i <= Wishes.DELIVERIES_MAX; i++) {
            wishes.add(id(NOW, i), Wish.SOON);
        }
        assertThat(wishes.take(first, NOW)).as("the oldest is forgotten").isEqualTo(Wish.NONE);
        assertThat(wishes.take(second, NOW)).isEqualTo(Wish.SOON);
    }

    private Timetable timetable(Duration idleWait, long backlog) {
        return new Timetable(schedule, idleWait, new Timetable.Start(NOW, backlog, 7));
    }

    @Test
    void freshRelayedMailIsDueAfterTheIdleWait() {
        Timetable timetable = timetable(MINUTE, 0);
        DeliveryId id = id(NOW + 5, 1);
        assertThat(timetable.dueMillis(queued(id, NOW + 4))).isEqualTo(NOW + 60_004);
        assertThat(timetable.dueMillis(queued(id, NOW + 4, 0, true))).isEqualTo(NOW + 4);
        assertThat(timetable.dueMillis(queued(id, NOW + 4, 1, false))).isEqualTo(NOW + 4);
        assertThat(timetable.dueMillis(queued(id, NOW + 90_000))).isEqualTo(NOW + 90_000);
    }

    @Test
    void aLargeOverdueBacklogHasItsPlacesInAMinute() {
        var places = new TreeSet<Long>();
        for (int i = 0; i < 1000; i++) {
            QueuedDelivery old = queued(id(NOW - 9000, i), NOW - 5000, 1, false);
            assertThat(timetable(MINUTE, 1000).dueMillis(old)).isEqualTo(NOW - 5000);
            long place = timetable(MINUTE, 1001).dueMillis(old);
            assertThat(timetable(MINUTE, 1001).dueMillis(old)).isEqualTo(place);
            assertThat(place).isBetween(NOW, NOW + 59_999);
            places.add(place / 6000);
        }
        assertThat(places).hasSize(10);
        QueuedDelivery waiting = queued(id(NOW - 9000, 1), NOW + 1, 1, false);
        assertThat(timetable(MINUTE, 5000).dueMillis(waiting)).isEqualTo(NOW + 1);
        QueuedDelivery later = queued(id(NOW + 1, 1), NOW + 1, 1, false);
        assertThat(timetable(MINUTE, 5000).dueMillis(later)).isEqualTo(NOW + 1);
    }

    @Test
    void itIsLookedAtToWarnAndThenToExpire() {
        QueuedDelivery fresh = queued(id(NOW, 3), NOW);
        QueuedDelivery warned =
                new QueuedDelivery(
                        fresh.id(),
                        1,
                        "x.example",
                        false,
                        3,
                        fresh.nextDueAt(),
                        false,
                        true,
                        false,
                        false,
                        9);
        assertThat(timetable(MINUTE, 0).lookMillis(fresh) - NOW)
                .isEqualTo(Duration.ofHours(4).toMillis());
        assertThat(timetable(MINUTE, 0).lookMillis(warned) - NOW)
                .isEqualTo(Duration.ofDays(5).toMillis());
        assertThat(Timetable.millis(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
        assertThat(Timetable.millis(Instant.ofEpochMilli(NOW))).isEqualTo(NOW);
    }

    @Test
    void aDomainTellsItsSiteUnlessItDependsOnTheRecipient() {
        var mx = new Route.Mx(Hop.DEFAULT, false);
        var smart = Route.Smarthost.of(List.of(new Route.HostPort("s.example", 25)), Hop.DEFAULT);
        PolicySet rules =
                World.rules(
                        new Route("one", List.of(new AddressPattern("ada@x.example")), smart),
                        new Route("two", List.of(new AddressPattern("*@y.example")), smart),
                        new Route("no", List.of(new AddressPattern("*@z.example")), refusal()),
                        World.route("default", mx));
        assertThat(ROUTER.siteOf(rules, "us.example")).isEqualTo("store");
        assertThat(ROUTER.siteOf(rules, "x.example")).isEmpty();
        assertThat(ROUTER.siteOf(rules, "z.example")).isEmpty();
        for (String address : List.of("a@y.example", "a@v.example", "a@us.example")) {
            Mailbox recipient = Mailbox.parse(address);
            var granted = new Disposition.Relayed("people", "");
            assertThat(ROUTER.siteOf(rules, recipient.domain()))
                    .isEqualTo(ROUTER.hop(rules, Passage.ofReport(recipient), granted, "").site());
        }
    }

    private static Route.Refuse refusal() {
        return new Route.Refuse("no");
    }

    /** Leaves every delay as it is. */
    private static final class NoSpread implements Entropy {
        @Override
        public void fill(byte[] octets) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int below(int bound) {
            return 0;
        }

        @Override
        public double fraction() {
            return 0.5;
        }
    }
}

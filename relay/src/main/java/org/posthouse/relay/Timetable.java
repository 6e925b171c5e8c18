package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.spool.QueuedDelivery;

import java.time.Duration;
import java.time.Instant;

/**
 * When a delivery that was taken is due, and when it is to be looked at, as far as that is known
 * without reading anything: what waits is not remembered here, so the answer must be the same
 * whenever it is asked. Pure. In milliseconds of the wall clock.
 */
final class Timetable {
    /** A larger backlog is let go over some time. */
    static final long BACKLOG_AT_ONCE = 1000;

    /** The upper bits of a message's id are the milliseconds at which it was given. */
    private static final int ID_COUNTER_BITS = 20;

    private static final int SPREAD_MILLIS = 60_000;

    private final RetrySchedule schedule;
    private final Duration idleWait;
    private final Start start;

    /**
     * What the start found.
     *
     * @param atMillis when it was
     * @param backlog deliveries that were there
     * @param seed of their spread
     */
    record Start(long atMillis, long backlog, int seed) {}

    Timetable(RetrySchedule schedule, Duration idleWait, Start start) {
        this.schedule = schedule;
        this.idleWait = idleWait;
        this.start = start;
    }

    /**
     * No attempt before: its stored instant; for fresh relayed mail after the idle wait; for a
     * large backlog that is overdue at the start, its place in the minute behind that, unless the
     * operator gave the delays.
     */
    long dueMillis(QueuedDelivery delivery) {
        long due = delivery.nextDueAt().toEpochMilli();
        long given = givenMillis(delivery.id());
        boolean fresh = delivery.attempts() == 0 && due <= given;
        if (fresh && !delivery.local()) {
            due += idleWait.toMillis();
        }
        boolean spreads =
                due <= start.atMillis()
                        && given <= start.atMillis()
                        && start.backlog() > BACKLOG_AT_ONCE
                        && schedule.settings().ladder().isEmpty();
        return spreads ? start.atMillis() + place(delivery.id()) : due;
    }

    /** True for fresh mail that is not attempted now because of the idle wait. */
    boolean isIdle(QueuedDelivery delivery, long nowMillis) {
        boolean isDue = delivery.nextDueAt().toEpochMilli() <= nowMillis;
        return !idleWait.isZero()
                && !delivery.local()
                && delivery.attempts() == 0
                && isDue
                && dueMillis(delivery) > nowMillis;
    }

    /**
     * To be looked at although not due: to warn or to expire. Too early for mail that was for
     * later; who looks then puts it back.
     */
    long lookMillis(QueuedDelivery delivery) {
        return schedule.lookMillis(givenMillis(delivery.id()), delivery.warned());
    }

    /** When its id was given: at its acceptance, unless the clock was set back since. */
    static long givenMillis(DeliveryId id) {
        return id.message().value() >>> ID_COUNTER_BITS;
    }

    /** Any place in the spread, but the same each time. */
    private long place(DeliveryId id) {
        long mixed = id.message().value() * 31 + id.number() + start.seed();
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return Math.floorMod(mixed ^ mixed >>> 31, (long) SPREAD_MILLIS);
    }

    /** Milliseconds of an instant that may be as far as {@link Instant#MAX}. */
    static long millis(Instant instant) {
        long most = Long.MAX_VALUE / 1000 - 1;
        return instant.getEpochSecond() >= most ? Long.MAX_VALUE : instant.toEpochMilli();
    }
}

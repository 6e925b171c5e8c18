package org.posthouse.relay;

import java.time.Duration;

/**
 * When deliveries come again that are given back at a site: one after the other in the order in
 * which they were, and twice as many in a second as have left lately. So a look at what still can't
 * go costs little, and a host that takes much gets it. Guarded by the dispatcher's lock.
 */
final class ReturnSlots {
    private static final long MICROS_PER_MILLI = 1000;

    /** But all within this. */
    private static final long WITHIN_MICROS = Duration.ofMinutes(10).toMillis() * MICROS_PER_MILLI;

    private static final long SECOND_MILLIS = 1000;
    private static final int PER_MILLI_MIN = 10;
    private static final int PER_MILLI_MAX = 100;

    /** Each second a quarter of it is forgotten; at first it is not known, and taken for high. */
    private long leftPerSecond = PER_MILLI_MAX * SECOND_MILLIS / 2;

    private long second = Long.MIN_VALUE;
    private long leftNow;
    private long lastMicros;

    /** One goes to the host now. */
    void left(long nowMillis) {
        tick(nowMillis);
        leftNow++;
    }

    /** When the next one that is given back comes again: not before an instant. */
    long next(long notBeforeMillis, long nowMillis) {
        tick(nowMillis);
        long first = notBeforeMillis * MICROS_PER_MILLI;
        long next = lastMicros + MICROS_PER_MILLI / perMilli();
        boolean inTurn = lastMicros >= first && next < first + WITHIN_MICROS;
        lastMicros = inTurn ? next : first;
        return lastMicros / MICROS_PER_MILLI;
    }

    /** An outage ends, perhaps before what was given back until then comes. */
    void restart() {
        lastMicros = 0;
    }

    private long perMilli() {
        return Math.clamp(2 * leftPerSecond / SECOND_MILLIS, PER_MILLI_MIN, PER_MILLI_MAX);
    }

    private void tick(long nowMillis) {
        long now = nowMillis / SECOND_MILLIS;
        if (second == Long.MIN_VALUE) {
            second = now;
        }
        while (second < now && (leftNow > 0 || leftPerSecond > 0)) {
            leftPerSecond = Math.max(leftNow, leftPerSecond - (leftPerSecond + 3) / 4);
            leftNow = 0;
            second++;
        }
        second = now;
    }
}

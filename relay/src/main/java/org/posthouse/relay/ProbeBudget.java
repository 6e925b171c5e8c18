package org.posthouse.relay;

/**
 * How many probes of dead sites may go, all sites together, so that many of them cost little: a
 * number in a second, as many at once. Guarded by the dispatcher's lock.
 */
final class ProbeBudget {
    /** Of the product. */
    static final int PER_SECOND = 50;

    private static final long SECOND_MICROS = 1_000_000;

    private final long spacingMicros;

    /** When the next one would go if they went evenly (GCRA's theoretical arrival time). */
    private long nextMicros = Long.MIN_VALUE / 2;

    ProbeBudget(int perSecond) {
        spacingMicros = SECOND_MICROS / perSecond;
    }

    /** Takes a probe if there is one; returns when it may go: now, or when to ask again. */
    long take(long nowMillis) {
        long now = nowMillis * 1000;
        long next = Math.max(now, nextMicros);
        long allowed = next + spacingMicros - SECOND_MICROS;
        if (allowed > now) {
            return (allowed + 999) / 1000;
        }
        nextMicros = next + spacingMicros;
        return nowMillis;
    }
}

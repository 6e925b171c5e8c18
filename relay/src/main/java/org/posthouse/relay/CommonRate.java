package org.posthouse.relay;

/**
 * How often something may be done by many at once: messages, or connections, to several next hops
 * together. Who has to wait is promised an instant, one behind the other, and comes then: nobody
 * asks in between, and nobody is passed. Guarded by the dispatcher's lock; instants in milliseconds
 * of the steady clock.
 */
final class CommonRate {
    private static final double MINUTE_MILLIS = 60_000;

    /** What was given back comes again within this. */
    private static final long TURN_MAX_MILLIS = 600_000;

    /** So many may wait in memory, however low the rate. */
    private static final int AHEAD_MIN = 64;

    private final RateBucket bucket = new RateBucket();
    private final int perMinute;
    private double lastTurn = Long.MIN_VALUE / 2.0;

    /** A rate of so many a minute. */
    CommonRate(int perMinute, long nowMillis) {
        this.perMinute = perMinute;
        bucket.rate(perMinute, nowMillis);
    }

    /** So many more than that need not wait in memory. */
    boolean isBehind(int count, long nowMillis) {
        return count >= Math.max(AHEAD_MIN, perMinute) && nextMillis(nowMillis) > nowMillis;
    }

    /** When a delivery comes again that is given back because of it: each in its turn. */
    long turn(long nowMillis) {
        double after =
                Math.max(lastTurn + MINUTE_MILLIS / perMinute, (double) nextMillis(nowMillis));
        lastTurn = Math.min(after, nowMillis + (double) TURN_MAX_MILLIS);
        return (long) Math.ceil(lastTurn);
    }

    /** From when on one more may go: now, or an instant to come. */
    long nextMillis(long nowMillis) {
        return bucket.nextMillis(nowMillis);
    }

    /** One goes, waited for or not. */
    void take(long nowMillis) {
        bucket.take(nowMillis);
    }

    /** One will go at the instant that is returned. */
    long promise(long nowMillis) {
        long at = nextMillis(nowMillis);
        take(nowMillis);
        return at;
    }

    /** What was promised is not wanted any more: the others come a little sooner. */
    void giveBack() {
        bucket.giveBack();
    }
}

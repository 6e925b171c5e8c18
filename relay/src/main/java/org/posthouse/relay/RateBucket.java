package org.posthouse.relay;

/**
 * A generic cell rate algorithm: one number, the instant at which the bucket is empty again if
 * nothing more is taken. Each message moves it by the interval of the rate; it may lie ahead of now
 * by a burst of what a second takes. So nothing is counted, and when the next one may go is known
 * without asking again. Instants in milliseconds of the steady clock.
 */
final class RateBucket {
    private static final double MINUTE_MILLIS = 60_000;

    /** Clocks and timers are no finer: what falls into this may go at once. */
    private static final double BURST_MILLIS = 1000;

    private double emptyAt = Long.MIN_VALUE / 2.0;
    private double intervalMillis;

    /**
     * Another rate from now on; what was taken at the old one is waited for at most as long as the
     * new one asks for a single message.
     *
     * @param perMinute messages; infinite for no bound
     */
    void rate(double perMinute, long nowMillis) {
        intervalMillis = MINUTE_MILLIS / perMinute;
        emptyAt = Math.min(emptyAt, nowMillis + intervalMillis + tolerance());
    }

    /** From when on the next message may go: now, or an instant to come. */
    long nextMillis(long nowMillis) {
        return Math.max(nowMillis, (long) Math.ceil(emptyAt - tolerance()));
    }

    /** A message goes. */
    void take(long nowMillis) {
        emptyAt = Math.max(emptyAt, (double) nowMillis) + intervalMillis;
    }

    /** A message that was to go does not: as if it had not been taken. */
    void giveBack() {
        emptyAt -= intervalMillis;
    }

    /** Nothing may go before this instant. */
    void pause(long untilMillis) {
        emptyAt = Math.max(emptyAt, untilMillis + tolerance());
    }

    /** Messages may go at once. */
    void empty() {
        emptyAt = Long.MIN_VALUE / 2.0;
    }

    private double tolerance() {
        return Math.max(0, BURST_MILLIS - intervalMillis);
    }
}

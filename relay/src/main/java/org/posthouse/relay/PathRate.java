package org.posthouse.relay;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * How many messages a minute may go to a site: at most what its route says, and less while the host
 * says that we are too fast. Complaints that come while those of the first are on their way are
 * one: behind a complaint nothing goes for some seconds. Instants in milliseconds of the steady
 * clock.
 *
 * <pre>
 * what happens                    | rate                                   | until
 * --------------------------------+----------------------------------------+----------------------------
 * a new site                      | the route's                            |
 * the host complains              | half of what was delivered in the      | 10 min from now, nothing
 *                                 | minute before, at least 1 a minute     | goes for 10 s
 * the same, within the 10 s       | as it is                               |
 * the third time within 30 min    | the same, and suspended                | 30 min from now, each time
 *                                 |                                        | in a day twice as long, up
 *                                 |                                        | to 8 h
 * 10 min without a complaint      | +10 %, up to the route's               | a minute from then
 * an operator asks                | as it is, not suspended                |
 * an operator clears it           | the route's                            |
 * </pre>
 */
final class PathRate {
    /** What grew to this bounds nothing any more. */
    private static final double BOUNDLESS = 60_000;

    private static final double FLOOR = 1;
    private static final double THOUSAND = 1000;
    private static final double HOUR_MINUTES = 60;
    private static final int MOST_THOUSANDTHS = 999_999_999;
    private static final double GROWTH = 1.1;
    private static final long TOGETHER_MILLIS = Duration.ofSeconds(10).toMillis();
    private static final long HOLD_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final long STEP_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final long OFTEN_MILLIS = Duration.ofMinutes(30).toMillis();
    private static final int OFTEN = 3;
    private static final long SUSPENDED_MILLIS = Duration.ofMinutes(30).toMillis();
    private static final long SUSPENDED_MAX_MILLIS = Duration.ofHours(8).toMillis();

    /** From the floor to no bound. */
    private static final long REGROWN_MILLIS = Duration.ofHours(2).toMillis();

    private static final long REPEATED_MILLIS = Duration.ofDays(1).toMillis();

    /** Far enough back that nothing is recent. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final RateBucket bucket = new RateBucket();
    private final RecentCount delivered = new RecentCount();
    private final long[] complaints = {NEVER, NEVER, NEVER};
    private double ceiling = Double.POSITIVE_INFINITY;
    private double dynamic = Double.POSITIVE_INFINITY;
    private long growsAt;
    private long togetherUntil = NEVER;
    private long suspendedUntil = NEVER;
    private long suspendedAt = NEVER;
    private long suspension = SUSPENDED_MILLIS;

    /**
     * An automatic change, to be told.
     *
     * @param cause in a few words
     * @param before what held until now
     * @param after what holds from now on
     * @param untilMillis when it changes again by itself, at the earliest
     */
    record Change(String cause, String before, String after, long untilMillis) {
        static final String CLEARED = "an operator cleared it";
    }

    /**
     * What the route says.
     *
     * @param perMinute messages; 0 for no bound
     */
    void ceiling(double perMinute, long nowMillis) {
        double most = perMinute == 0 ? Double.POSITIVE_INFINITY : perMinute;
        if (most != ceiling) {
            ceiling = most;
            bucket.rate(perMinute(), nowMillis);
        }
    }

    /** Messages a minute now; infinite for no bound. */
    double perMinute() {
        return Math.min(ceiling, dynamic);
    }

    /** True when something is to be waited for at times. */
    boolean isBounded() {
        return !Double.isInfinite(perMinute());
    }

    /** How many may go in the next minute; more need not wait in memory. */
    long minutesWorth() {
        return isBounded() ? (long) Math.ceil(perMinute()) : Long.MAX_VALUE;
    }

    /** Between two messages. */
    double intervalMillis() {
        return STEP_MILLIS / perMinute();
    }

    /** Nothing is known that would not be by the route. */
    boolean isForgettable(long nowMillis) {
        return !isSlowed() || nowMillis >= growsAt + REGROWN_MILLIS;
    }

    /** True while nothing may go at all. */
    boolean isSuspended(long nowMillis) {
        return nowMillis < suspendedUntil;
    }

    /** When a suspension ends. */
    long suspendedUntilMillis() {
        return suspendedUntil;
    }

    /** From when on the next message may go: now, or an instant to come. */
    long nextMillis(long nowMillis) {
        return Math.max(suspendedUntil, bucket.nextMillis(nowMillis));
    }

    /** A message goes, as {@link #nextMillis} allows. */
    void take(long nowMillis) {
        if (isBounded()) {
            bucket.take(nowMillis);
        }
    }

    /** The host took messages. */
    void delivered(int messages, long nowMillis) {
        delivered.add(messages, nowMillis);
    }

    /** The host said that we are too fast; null when nothing changes. */
    @Nullable Change complained(long nowMillis) {
        if (nowMillis < togetherUntil || isSuspended(nowMillis)) {
            return null;
        }
        String before = text();
        dynamic = Math.min(perMinute(), Math.max(FLOOR, delivered.lastMinute(nowMillis) / 2.0));
        growsAt = nowMillis + HOLD_MILLIS;
        togetherUntil = nowMillis + TOGETHER_MILLIS;
        bucket.rate(perMinute(), nowMillis);
        bucket.pause(togetherUntil);
        System.arraycopy(complaints, 1, complaints, 0, OFTEN - 1);
        complaints[OFTEN - 1] = nowMillis;
        if (nowMillis - complaints[0] < OFTEN_MILLIS) {
            suspend(nowMillis);
            return new Change(
                    "the host said again that we are too fast",
                    before,
                    "suspended, then " + text(),
                    suspendedUntil);
        }
        return new Change("the host says that we are too fast", before, text(), growsAt);
    }

    private void suspend(long nowMillis) {
        boolean repeated = nowMillis - suspendedAt < REPEATED_MILLIS;
        suspension = repeated ? Math.min(2 * suspension, SUSPENDED_MAX_MILLIS) : SUSPENDED_MILLIS;
        suspendedAt = nowMillis;
        suspendedUntil = nowMillis + suspension;
        growsAt = suspendedUntil + HOLD_MILLIS;
        Arrays.fill(complaints, NEVER);
    }

    /** Time went by; null when nothing changes. */
    @Nullable Change grow(long nowMillis) {
        if (Double.isInfinite(dynamic) || nowMillis < growsAt) {
            return null;
        }
        String before = text();
        while (dynamic < Math.min(ceiling, BOUNDLESS) && nowMillis >= growsAt) {
            dynamic *= GROWTH;
            growsAt += STEP_MILLIS;
        }
        if (dynamic >= Math.min(ceiling, BOUNDLESS)) {
            dynamic = Double.POSITIVE_INFINITY;
        }
        bucket.rate(perMinute(), nowMillis);
        return new Change("the host has not complained lately", before, text(), growsAt);
    }

    /** An operator wants an attempt now; null when nothing changes. */
    @Nullable Change resume(long nowMillis) {
        if (!isSuspended(nowMillis)) {
            return null;
        }
        suspendedUntil = NEVER;
        growsAt = nowMillis + HOLD_MILLIS;
        bucket.empty();
        return new Change("an operator asked for an attempt", "suspended", text(), growsAt);
    }

    /** An operator takes back what was learnt; null when nothing changes. */
    @Nullable Change clear(long nowMillis) {
        String before = learned(nowMillis);
        boolean isChange = isSlowed() || isSuspended(nowMillis);
        dynamic = Double.POSITIVE_INFINITY;
        togetherUntil = NEVER;
        suspendedUntil = NEVER;
        suspendedAt = NEVER;
        Arrays.fill(complaints, NEVER);
        bucket.rate(perMinute(), nowMillis);
        return isChange ? new Change(Change.CLEARED, before, text(), nowMillis) : null;
    }

    /** What holds by complaints, in words. */
    String learned(long nowMillis) {
        return isSuspended(nowMillis) ? "suspended, then " + text() : text();
    }

    /** True while the host's complaints bound it. */
    boolean isSlowed() {
        return !Double.isInfinite(dynamic);
    }

    /** Of a message a minute, as far as complaints bound it. */
    int thousandths() {
        return (int) Math.min(dynamic * THOUSAND, MOST_THOUSANDTHS);
    }

    /** When it grows the next time. */
    long growsAtMillis() {
        return growsAt;
    }

    /** As it was before a restart. */
    void restore(int thousandths, long growsAtMillis, long suspendedUntilMillis, long nowMillis) {
        dynamic = Math.max(FLOOR, thousandths / THOUSAND);
        growsAt = Math.min(growsAtMillis, nowMillis + SUSPENDED_MAX_MILLIS + HOLD_MILLIS);
        suspendedUntil = Math.min(suspendedUntilMillis, nowMillis + SUSPENDED_MAX_MILLIS);
        bucket.rate(perMinute(), nowMillis);
    }

    /** As events say it. */
    private String text() {
        if (!isBounded()) {
            return "no bound";
        }
        return perMinute() < 1
                ? String.format(Locale.ROOT, "%.1f/hour", perMinute() * HOUR_MINUTES)
                : String.format(Locale.ROOT, "%.1f/minute", perMinute());
    }
}

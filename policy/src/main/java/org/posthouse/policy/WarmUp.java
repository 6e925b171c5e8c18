package org.posthouse.policy;

import java.time.Duration;
import java.time.Instant;

/**
 * How a source becomes known: receivers distrust much mail from an address that they have not seen,
 * so that it begins with little and sends more each day. The day of its first mail is said, not
 * learnt: no restart, and no loss of what was learnt, begins it anew.
 *
 * @param since when it began, or begins
 * @param firstDay messages in the first day, to one next hop, or to all of a provider; 1 to
 *     1,000,000
 * @param doubling in which time the rate doubles, day by day; an hour to 100 days
 * @since 0.1
 */
public record WarmUp(Instant since, int firstDay, Duration doubling) {
    /** What is usual: 50 in the first day, and twice as many each day. */
    public static final int USUAL_FIRST_DAY = 50;

    /** What is usual. */
    public static final Duration USUAL_DOUBLING = Duration.ofDays(1);

    /** The largest first day. */
    public static final int FIRST_DAY_MAX = 1_000_000;

    /** The shortest time in which it may double. */
    public static final Duration DOUBLING_MIN = Duration.ofHours(1);

    /** The longest one. */
    public static final Duration DOUBLING_MAX = Duration.ofDays(100);

    private static final double MINUTES = Duration.ofDays(1).toMinutes();

    /** A rate that bounds nothing any more, in messages a minute. */
    private static final double BOUNDLESS = 60_000;

    /** Of a source that is known; behind the bounds, which it is checked by. */
    public static final WarmUp NONE = new WarmUp(Instant.MIN, 1, Duration.ofDays(1));

    /** Checks the numbers. */
    public WarmUp {
        if (firstDay < 1 || firstDay > FIRST_DAY_MAX) {
            throw new IllegalArgumentException("not messages of a first day: " + firstDay);
        }
        if (doubling.compareTo(DOUBLING_MIN) < 0 || doubling.compareTo(DOUBLING_MAX) > 0) {
            throw new IllegalArgumentException("not a time in which a rate doubles: " + doubling);
        }
    }

    /** Messages a minute, the same all day; infinite when it is over. */
    public double perMinute(Instant now) {
        if (since.equals(Instant.MIN)) {
            return Double.POSITIVE_INFINITY;
        }
        long days = Math.max(0, Duration.between(since, now).toDays());
        double doublings = days * MINUTES * 60 / doubling.toSeconds();
        double rate = firstDay / MINUTES * Math.pow(2, doublings);
        return rate >= BOUNDLESS ? Double.POSITIVE_INFINITY : rate;
    }
}

package org.posthouse.relay;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How many connections a site may have: grows with what is delivered, quickly up to the number at
 * which the host last said that it takes no more, and then carefully. Instants in milliseconds of
 * the steady clock.
 *
 * <pre>
 * what happens            | window C                                  | beyond
 * ------------------------+-------------------------------------------+------------------------------
 * a new site              | 2                                         |
 * it works after an outage| 1                                         |
 * delivered, C below the  | +0.5 below 4, then +1/C                   |
 * threshold               |                                           |
 * delivered, C at or above| +1/(20 C^2)                               |
 * refused for the number  | connections that stand, at least 1        | threshold = C; no growth for
 * of connections          |                                           | 60 s, each time in an hour
 *                         |                                           | twice as long, up to 15 min
 * not refused for 24 h    | as it is                                  | no threshold
 * transactions take twice | as it is                                  | no growth for 60 s
 * as long as before       |                                           |
 * an operator clears it   | 2                                         | no threshold
 * </pre>
 */
final class PathWindow {
    private static final double START = 2;
    private static final double QUICK_MAX = 4;
    private static final double QUICK_STEP = 0.5;
    private static final double CAREFUL = 20;
    private static final long HOLD_MILLIS = Duration.ofSeconds(60).toMillis();
    private static final long HOLD_MAX_MILLIS = Duration.ofMinutes(15).toMillis();
    private static final long REPEATED_MILLIS = Duration.ofHours(1).toMillis();

    /** How long the number of connections is remembered at which the host refused more. */
    static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();

    private final LatencyGuard guard = new LatencyGuard();
    private double size = START;
    private double threshold = Double.MAX_VALUE;
    private long holdMillis;
    private long holdUntilMillis = Long.MIN_VALUE;
    private long limitedAtMillis = Long.MIN_VALUE / 2;

    /** Connections there may be now; at least 1. */
    int connections() {
        return (int) size;
    }

    /** A transaction took this long. */
    void took(long millis, long nowMillis) {
        guard.took(millis, nowMillis);
    }

    /** Messages were taken; null, but when it stops growing. */
    PathRate.@Nullable Change delivered(int count, int most, long nowMillis) {
        if (nowMillis < holdUntilMillis) {
            return null;
        }
        if (guard.isSlow() && size > START) {
            holdUntilMillis = nowMillis + HOLD_MILLIS;
            return change("transactions take twice as long as with fewer", text());
        }
        if (nowMillis - limitedAtMillis >= KEPT_MILLIS) {
            threshold = Double.MAX_VALUE;
        }
        for (int i = 0; i < count && size < most; i++) {
            size += step();
        }
        size = Math.min(size, Math.max(1, most));
        return null;
    }

    /** In words. */
    String text() {
        return connections() + " connections";
    }

    private PathRate.Change change(String cause, String before) {
        return new PathRate.Change(cause, before, text(), holdUntilMillis);
    }

    private double step() {
        if (size >= threshold) {
            return 1 / (CAREFUL * size * size);
        }
        return size < QUICK_MAX ? QUICK_STEP : 1 / size;
    }

    /** The host takes no more than there are; null when that is no news. */
    PathRate.@Nullable Change limited(int established, long nowMillis) {
        String before = text();
        boolean known = nowMillis < holdUntilMillis && established >= size - 1;
        size = Math.max(1, established);
        threshold = size;
        if (known) {
            return null;
        }
        guard.reset();
        boolean repeated = nowMillis - limitedAtMillis < REPEATED_MILLIS;
        holdMillis = repeated ? Math.min(2 * holdMillis, HOLD_MAX_MILLIS) : HOLD_MILLIS;
        limitedAtMillis = nowMillis;
        holdUntilMillis = nowMillis + holdMillis;
        return change("the host takes no more", before);
    }

    /** It works after an outage: slowly. */
    void restart() {
        size = 1;
        guard.reset();
    }

    /** An operator takes back what was learnt; null when nothing changes. */
    PathRate.@Nullable Change clear(long nowMillis) {
        boolean isChange = isLimited(nowMillis);
        String before = text();
        size = START;
        threshold = Double.MAX_VALUE;
        holdUntilMillis = nowMillis;
        limitedAtMillis = Long.MIN_VALUE / 2;
        guard.reset();
        return isChange ? change(PathRate.Change.CLEARED, before) : null;
    }

    /** True while it is remembered that the host took no more. */
    boolean isLimited(long nowMillis) {
        return threshold < Double.MAX_VALUE && nowMillis - limitedAtMillis < KEPT_MILLIS;
    }

    /** The connections that it took then. */
    int threshold() {
        return (int) threshold;
    }

    /** When it refused more the last time. */
    long limitedAtMillis() {
        return limitedAtMillis;
    }

    /** As it was before a restart; it begins as a new site does, up to there. */
    void restore(int connections, long atMillis) {
        threshold = Math.max(1, connections);
        size = Math.min(START, threshold);
        limitedAtMillis = atMillis;
    }
}

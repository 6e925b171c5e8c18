package org.posthouse.relay;

import java.time.Duration;
import java.util.Arrays;

/**
 * Whether transactions take twice as long as they did with fewer connections: then more of them
 * only wait for each other. Compares the median of the last times with the lowest one since the
 * connections began to grow, or of ten minutes, whichever is later. Instants in milliseconds of the
 * steady clock.
 */
final class LatencyGuard {
    private static final int TIMES = 15;
    private static final long NONE = Long.MAX_VALUE;
    private static final long KEPT_MILLIS = Duration.ofMinutes(10).toMillis();

    /** What is quicker is as good as nothing. */
    private static final long LEAST_MILLIS = 20;

    private final long[] times = new long[TIMES];
    private int count;
    private long lowest = NONE;
    private long since;

    /** A transaction took this long. */
    void took(long millis, long nowMillis) {
        times[count % TIMES] = Math.max(millis, LEAST_MILLIS);
        count++;
        if (count < TIMES) {
            return;
        }
        long median = median();
        if (nowMillis - since >= KEPT_MILLIS || median < lowest) {
            lowest = median;
            since = nowMillis;
        }
    }

    boolean isSlow() {
        return count >= TIMES && median() >= 2 * lowest;
    }

    /** Fewer connections: it begins anew. */
    void reset() {
        count = 0;
        lowest = NONE;
    }

    private long median() {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[TIMES / 2];
    }
}

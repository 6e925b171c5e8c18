package org.posthouse.relay;

/**
 * How many there were in the last minute, to within five seconds: a ring of counters. Instants in
 * milliseconds of the steady clock.
 */
final class RecentCount {
    private static final int SLOTS = 12;
    private static final long SLOT_MILLIS = 5000;

    private final long[] counts = new long[SLOTS];
    private long slot;

    void add(int count, long nowMillis) {
        advance(nowMillis);
        counts[Math.floorMod(slot, SLOTS)] += count;
    }

    long lastMinute(long nowMillis) {
        advance(nowMillis);
        long sum = 0;
        for (long each : counts) {
            sum += each;
        }
        return sum;
    }

    private void advance(long nowMillis) {
        long now = Math.floorDiv(nowMillis, SLOT_MILLIS);
        long first = Math.max(slot + 1, now - SLOTS + 1);
        for (long each = first; each <= now; each++) {
            counts[Math.floorMod(each, SLOTS)] = 0;
        }
        slot = Math.max(slot, now);
    }
}

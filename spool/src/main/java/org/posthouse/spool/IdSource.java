package org.posthouse.spool;

import org.posthouse.platform.TimeSource;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives ids: the wall clock's milliseconds and a counter of 20 bits, never the same twice and never
 * going back, even when the clock does.
 */
final class IdSource {
    private static final int COUNTER_BITS = 20;

    private final TimeSource time;
    private final AtomicLong last;

    IdSource(TimeSource time, long last) {
        this.time = time;
        this.last = new AtomicLong(last);
    }

    /** The first of {@code count} consecutive ids. */
    long next(int count) {
        long floor = floor(time);
        while (true) {
            long before = last.get();
            long first = Math.max(before + 1, floor);
            if (last.compareAndSet(before, first + count - 1)) {
                return first;
            }
        }
    }

    /** The least id that fits the clock. */
    static long floor(TimeSource time) {
        return Math.max(1, time.now().toEpochMilli()) << COUNTER_BITS;
    }

    /** The highest id given so far. */
    long last() {
        return last.get();
    }
}

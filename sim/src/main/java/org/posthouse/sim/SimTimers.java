package org.posthouse.sim;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What is to happen at which virtual instant; equal instants in the order they were asked for. */
final class SimTimers {
    private static final int TIDY_AT = 1024;

    private final PriorityQueue<Timer> queue =
            new PriorityQueue<>(
                    Comparator.comparingLong((Timer timer) -> timer.at)
                            .thenComparingLong(timer -> timer.number));
    private long numbers;
    private int cancelled;

    Timer add(long at, Runnable action) {
        Timer timer = new Timer(at, ++numbers, action);
        queue.add(timer);
        return timer;
    }

    void cancel(Timer timer) {
        if (timer.done) {
            return;
        }
        timer.done = true;
        if (++cancelled > TIDY_AT && cancelled > queue.size() / 2) {
            queue.removeIf(each -> each.done);
            cancelled = 0;
        }
    }

    /** Takes the earliest one; null when there is none. */
    @Nullable Timer take() {
        while (true) {
            Timer timer = queue.poll();
            if (timer == null || !timer.done) {
                if (timer != null) {
                    timer.done = true;
                }
                return timer;
            }
            cancelled = Math.max(0, cancelled - 1);
        }
    }

    /** The instant of the earliest one; null when there is none. */
    @Nullable Long earliest() {
        while (true) {
            Timer timer = queue.peek();
            if (timer == null) {
                return null;
            }
            if (!timer.done) {
                return timer.at;
            }
            queue.remove();
            cancelled = Math.max(0, cancelled - 1);
        }
    }

    /** One timer. */
    static final class Timer {
        final long at;
        final Runnable action;
        private final long number;
        private boolean done;

        private Timer(long at, long number, Runnable action) {
            this.at = at;
            this.number = number;
            this.action = action;
        }
    }
}

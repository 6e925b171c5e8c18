package org.posthouse.benchmarks;

import org.HdrHistogram.Histogram;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that do the same again and again for some time. */
final class Clients {
    private static final int DIGITS = 3;

    private final Platform platform;
    private final Duration length;
    private final boolean dedicated;

    /** What is done again and again, and timed. */
    interface Step {
        void run() throws Exception;
    }

    /**
     * Threads of one kind.
     *
     * @param dedicated threads of the machine, otherwise virtual ones
     */
    Clients(Platform platform, Duration length, boolean dedicated) {
        this.platform = platform;
        this.length = length;
        this.dedicated = dedicated;
    }

    /** Runs until the time is over; fails when one of them does. */
    Sample run(int count, Step step) throws Exception {
        List<Histogram> times = new ArrayList<>();
        List<Threads.Task> tasks = new ArrayList<>();
        AtomicReference<Exception> failure = new AtomicReference<>();
        long start = platform.time().nanos();
        for (int i = 0; i < count; i++) {
            Histogram own = new Histogram(DIGITS);
            times.add(own);
            Runnable body = () -> repeat(start, step, own, failure);
            tasks.add(
                    dedicated
                            ? platform.threads().startDedicated("client", body)
                            : platform.threads().start("client", body));
        }
        for (Threads.Task task : tasks) {
            task.join(Deadline.NEVER);
        }
        long taken = platform.time().nanos() - start;
        if (failure.get() != null) {
            throw failure.get();
        }
        Histogram all = new Histogram(DIGITS);
        times.forEach(all::add);
        return Sample.of(all, taken);
    }

    private void repeat(
            long start, Step step, Histogram times, AtomicReference<Exception> failure) {
        try {
            long before = platform.time().nanos();
            while (before - start < length.toNanos()) {
                step.run();
                long after = platform.time().nanos();
                times.recordValue(after - before);
                before = after;
            }
        } catch (Exception e) {
            failure.set(e);
        }
    }
}

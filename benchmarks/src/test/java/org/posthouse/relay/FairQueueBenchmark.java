package org.posthouse.relay;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/** The scheduler's poll: who goes next to a site, and another one comes in. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FairQueueBenchmark {
    @Param({"1", "1000"})
    int streams;

    @Param({"1000", "100000"})
    int waiting;

    private long number;
    private final FairQueue<Long> queue = new FairQueue<>(this::tag, FairQueue.Gate.OPEN);

    @Setup
    public void fill() {
        while (number < waiting) {
            queue.add(number++);
        }
    }

    private FairQueue.Tag tag(Long item) {
        return new FairQueue.Tag("tenant" + item % streams, item, 1, 1, 50);
    }

    @Benchmark
    public Long addAndPoll() {
        queue.add(number++);
        return java.util.Objects.requireNonNull(queue.poll(0));
    }
}

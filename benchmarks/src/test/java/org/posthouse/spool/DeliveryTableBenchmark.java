package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
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

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The rows of the deliveries: found, and added and taken out in the middle. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgs = "-Xmx2g")
public class DeliveryTableBenchmark {
    @Param({"10000", "1000000", "10000000"})
    int rows;

    private final SplittableRandom random = new SplittableRandom(1);
    private final DeliveryTable table = new DeliveryTable();

    @Setup
    public void fill() {
        for (int i = 0; i < rows; i++) {
            DeliveryRow row = table.insert(2L * i, 0);
            row.wake(random.nextLong(1L << 40));
        }
    }

    @Benchmark
    public @Nullable DeliveryRow find() {
        return table.find(2L * random.nextInt(rows), 0);
    }

    @Benchmark
    public long insertAndRemove() {
        long id = 2L * random.nextInt(rows) + 1;
        table.insert(id, 0);
        table.remove(java.util.Objects.requireNonNull(table.find(id, 0)));
        return table.count();
    }

    @Benchmark
    public long earliestWake() {
        return table.earliestWake();
    }
}

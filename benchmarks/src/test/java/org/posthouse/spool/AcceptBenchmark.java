package org.posthouse.spool;

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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.posthouse.benchmarks.Folder;
import org.posthouse.benchmarks.Mail;
import org.posthouse.benchmarks.MemoryDisk;
import org.posthouse.benchmarks.Octets;
import org.posthouse.core.Envelope;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One message of 4 KiB accepted and settled by one thread: with the real disk, and with one whose
 * forces cost nothing, which leaves the hand-over to the committer and back and our own work.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class AcceptBenchmark {
    private static final int BODY_OCTETS = 4096;

    @Param({"memory", "real"})
    String disk;

    private final byte[] body = Octets.random(BODY_OCTETS);
    private final Envelope envelope = Mail.to("ada", "far.example");
    private Folder folder;
    private SpoolLog spool;

    @Setup
    public void open() throws IOException {
        folder = Folder.fresh("jmh-accept");
        Platform real = JdkPlatform.create(DnsSettings.system());
        Platform platform = disk.equals("memory") ? MemoryDisk.in(real) : real;
        spool = SpoolLog.open(platform, folder.path(), SpoolSettings.DEFAULTS);
    }

    /** Two commits: so the log stays short. */
    @Benchmark
    public boolean acceptAndSettle() throws InterruptedException {
        Mail.accept(spool, envelope, body);
        QueuedDelivery delivery = spool.take(1, Deadline.NEVER).getFirst();
        Progress progress = Progress.fresh(delivery.nextDueAt());
        return spool.settle(
                List.of(
                        new Settlement(
                                delivery.id(), delivery.epoch(), List.of(), progress, List.of())));
    }

    @TearDown
    public void close() throws IOException {
        spool.close();
        folder.delete();
    }
}

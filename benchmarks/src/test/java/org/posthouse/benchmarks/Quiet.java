package org.posthouse.benchmarks;

import org.HdrHistogram.Histogram;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Waits until the disk has finished what was asked of it before. Deleted files are what matters:
 * where the file system discards their blocks, every force that changes a file's length is slowed
 * for seconds. So the probe is an append with a force; the disk is quiet when that is as fast as it
 * was at the start, within a half.
 */
final class Quiet implements AutoCloseable {
    private static final int PROBE_OCTETS = 4096;
    private static final int PROBES = 64;
    private static final double SLACK = 1.5;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private final Platform platform;
    private final DiskFile file;
    private final ByteBuffer octets = ByteBuffer.allocateDirect(PROBE_OCTETS);
    private long end;
    private double usual;

    /** In a folder of the file system in question. */
    Quiet(Platform platform, Path probe) throws IOException, InterruptedException {
        this.platform = platform;
        file = platform.disk().create(probe);
        usual = probe();
        for (int i = 0; i < 8; i++) {
            platform.time().sleep(PAUSE);
            usual = Math.min(usual, probe());
        }
    }

    /** Median of an append with a force, in microseconds. */
    double usual() {
        return usual;
    }

    void await() throws IOException, InterruptedException {
        long start = platform.time().nanos();
        while (probe() > usual * SLACK) {
            if (platform.time().nanos() - start > WAIT_MAX.toNanos()) {
                System.out.println("the disk did not come to rest");
                return;
            }
            platform.time().sleep(PAUSE);
        }
    }

    private double probe() throws IOException {
        Histogram times = new Histogram(3);
        for (int i = 0; i < PROBES; i++) {
            long before = platform.time().nanos();
            file.write(octets.clear(), end);
            file.force();
            times.recordValue(platform.time().nanos() - before);
            end += PROBE_OCTETS;
        }
        return times.getValueAtPercentile(50) / 1000.0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

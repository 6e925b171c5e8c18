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
import org.openjdk.jmh.annotations.Warmup;
import org.posthouse.benchmarks.MemoryDisk;
import org.posthouse.benchmarks.Octets;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reading a whole segment of 64 MiB at a start: full of small messages, or hardly begun. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class SegmentScanBenchmark {
    private static final int SEGMENT_OCTETS = 64 << 20;
    private static final int RECORD_OCTETS = 320;
    private static final byte[] RECORD = Octets.random(RECORD_OCTETS);

    /** Content of a message; 0: nothing was written. */
    @Param({"200", "4096", "0"})
    int contentOctets;

    private Segment segment;

    @Setup
    public void fill() throws IOException {
        DiskFile file = new MemoryDisk().create(Path.of("segment"));
        SegmentHeader header = new SegmentHeader(true, 3, 5, 1, 1, 1, SEGMENT_OCTETS, 42);
        file.write(java.nio.ByteBuffer.allocate(1), SEGMENT_OCTETS - 1);
        segment = new Segment(1, Path.of("segment"), file, header);
        LogWriter writer = new LogWriter(4 << 20, segment, 1);
        byte[] content = Octets.random(contentOctets);
        OctetWriter records = new OctetWriter(RECORD_OCTETS);
        records.octets(RECORD);
        int octets = Frame.octetsFor(contentOctets) + Frame.octetsFor(records.count());
        for (long id = 1; contentOctets > 0 && writer.fits(octets); id++) {
            writer.put(Part.chunk(content, contentOctets, 0, 0), id);
            writer.put(Part.commit(records, 1), id);
        }
        writer.force();
    }

    @Benchmark
    public List<SegmentScan.Found> scan() throws IOException {
        return SegmentScan.scan(segment, SegmentHeader.FRAMES_AT);
    }
}

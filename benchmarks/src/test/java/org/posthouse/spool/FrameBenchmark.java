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
import org.posthouse.benchmarks.Octets;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** A frame: the header with its checksum, the payload's checksum, and reading a header. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FrameBenchmark {
    @Param({"4096", "65536"})
    int payloadOctets;

    private static final long POSITION = 4096 * 7;
    private final SegmentHeader segment = new SegmentHeader(true, 3, 5, 1, 1, 1, 64 << 20, 42);
    private final Frame frame = new Frame();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Frame.HEADER_OCTETS);
    private byte[] payload = {};

    @Setup
    public void fill() {
        payload = Octets.random(payloadOctets);
        frame.type = Frame.CHUNK;
        frame.payloadOctets = payloadOctets;
        frame.payloadChecksum = Frame.checksum(payload, 0, payloadOctets);
        frame.sequence = 100;
        frame.forced = 90;
        frame.id = 7;
        putHeader();
    }

    @Benchmark
    public ByteBuffer putHeader() {
        frame.put(buffer.clear(), segment, POSITION);
        return buffer;
    }

    @Benchmark
    public boolean readHeader() {
        return frame.read(buffer, 0, segment, POSITION);
    }

    @Benchmark
    public int checksumOfPayload() {
        return Frame.checksum(payload, 0, payloadOctets);
    }
}

package org.posthouse.core;

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
import org.openjdk.jmh.infra.Blackhole;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Content of DATA, taken off the wire and put on it, in lines of 76 letters. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ContentBenchmark {
    @Param({"4096", "1048576"})
    int size;

    /** One line in a hundred begins with a dot. */
    @Param({"no", "yes"})
    String dots = "";

    private byte[] content = {};
    private byte[] wire = {};

    @Setup
    public void fill() {
        var text = new StringBuilder();
        for (int i = 0; text.length() < size; i++) {
            text.append(dots.equals("yes") && i % 100 == 50 ? "." : "x")
                    .append("y".repeat(75))
                    .append("\r\n");
        }
        content = text.toString().getBytes(StandardCharsets.US_ASCII);
        String stuffed = text.toString().replace("\r\n.", "\r\n..");
        wire = (stuffed + ".\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Benchmark
    public boolean decode(Blackhole hole) {
        var decoder = new DataDecoder();
        decoder.decode(wire, 0, wire.length, (octets, offset, length) -> hole.consume(length));
        return decoder.ended();
    }

    @Benchmark
    public void encode(Blackhole hole) {
        var encoder = new DataEncoder();
        OctetOutput<RuntimeException> out = (octets, offset, length) -> hole.consume(length);
        encoder.encode(content, 0, content.length, out);
        encoder.end(out);
    }
}

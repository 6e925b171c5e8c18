package org.posthouse.core;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A reply of one line, as next hops give it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ReplyParserBenchmark {
    private static final byte[] LINE =
            "250 2.0.0 Ok: queued as 4BkQ1c2XzVz9sT".getBytes(StandardCharsets.US_ASCII);

    private final ReplyParser parser = new ReplyParser();

    @Benchmark
    public ReplyParser.Result parse() {
        return parser.line(LINE, 0, LINE.length);
    }
}

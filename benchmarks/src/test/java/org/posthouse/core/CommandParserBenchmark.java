package org.posthouse.core;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A command as a client sends it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class CommandParserBenchmark {
    @Param({
        "EHLO client.example",
        "MAIL FROM:<ada@shop.example> SIZE=4096 BODY=8BITMIME",
        "RCPT TO:<bob@far.example>",
        "RCPT TO:<bob@far.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;bob@far.example",
        "DATA"
    })
    String line = "";

    private final CommandParser parser = new CommandParser("mx.example");

    @Benchmark
    public Command parse() {
        byte[] octets = line.getBytes(StandardCharsets.US_ASCII);
        return parser.parse(octets, 0, octets.length);
    }
}

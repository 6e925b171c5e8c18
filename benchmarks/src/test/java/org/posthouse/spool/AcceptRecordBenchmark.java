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
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a commit holds of a message: made, written and read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class AcceptRecordBenchmark {
    private static final byte[] TRACE = "x".repeat(98).getBytes(StandardCharsets.US_ASCII);
    private static final Origin ORIGIN =
            new Origin("smtp", "192.0.2.1", "client.example", "ada", "ESMTPA");
    private static final Instant NOW = Instant.parse("2026-11-24T03:17:40Z");

    @Param({"1", "100"})
    int recipients;

    private SpoolLog spool;
    private Acceptance acceptance;
    private AcceptRecord record;
    private byte[] written = {};

    @Setup
    @SuppressWarnings("NullAway")
    public void fill() {
        spool =
                SpoolLog.open(
                        MemoryDisk.in(JdkPlatform.create(DnsSettings.system())),
                        Path.of("spool"),
                        SpoolSettings.DEFAULTS.withSegmentOctets(4 << 20));
        List<Recipient> to = new ArrayList<>();
        List<Disposition> dispositions = new ArrayList<>();
        for (int i = 0; i < recipients; i++) {
            to.add(Recipient.of(new Mailbox("user" + i, "far" + i % 10 + ".example")));
            dispositions.add(new Disposition.Relayed("rule", ""));
        }
        Envelope envelope =
                new Envelope(new Mailbox("sender", "client.example"), MailOptions.NONE, to);
        acceptance =
                new Acceptance(
                        "",
                        ORIGIN,
                        envelope,
                        dispositions,
                        TRACE,
                        spool.openContent(),
                        Instant.EPOCH);
        record = arrival().record;
        OctetWriter to1 = new OctetWriter(1024);
        record.write(to1);
        written = java.util.Arrays.copyOf(to1.octets(), to1.count());
    }

    @Benchmark
    public Arrival arrival() {
        return new Arrival(acceptance, (LogSink) acceptance.content(), NOW, 0);
    }

    @Benchmark
    public OctetWriter write() {
        OctetWriter to = new OctetWriter(1024);
        record.write(to);
        return to;
    }

    @Benchmark
    public AcceptRecord read() {
        OctetReader from = new OctetReader(written, 0, written.length);
        from.octet();
        return AcceptRecord.read(from);
    }
}

package org.posthouse.spool;

import org.posthouse.core.ContentSink;
import org.posthouse.core.Envelope;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures acceptances per second on the disk of the working directory, beside raw appends that
 * share their forces in the same way, in turns. Arguments: octets of a message, seconds a run,
 * repetitions. A program, not a test.
 */
final class SpoolLoad {
    private static final int[] CLIENTS = {1, 20, 64};

    private final Platform platform = JdkPlatform.create(DnsSettings.system());
    private final Path directory = Path.of("target", "spool-load").toAbsolutePath();
    private final Envelope envelope = Samples.envelope("ada@example.net");
    private final byte[] prefix = Samples.prefix();
    private final byte[] body;
    private final long nanos;

    private SpoolLoad(int octets, int seconds) {
        body = Samples.octets(1, octets);
        nanos = seconds * 1_000_000_000L;
    }

    public static void main(String[] arguments) throws Exception {
        int octets = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4096;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        int repetitions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
        var load = new SpoolLoad(octets, seconds);
        System.out.println("clients      raw/s   accept/s  ratio  accept+settle/s");
        for (int clients : CLIENTS) {
            double[] raw = new double[repetitions];
            double[] accepts = new double[repetitions];
            double[] whole = new double[repetitions];
            load.accepts(clients, false); // warms up
            for (int i = 0; i < repetitions; i++) {
                raw[i] = load.raw(clients);
                accepts[i] = load.accepts(clients, false);
                whole[i] = load.accepts(clients, true);
            }
            System.out.printf(
                    "%7d %10.0f %10.0f %6.2f %16.0f%n",
                    clients,
                    median(raw),
                    median(accepts),
                    median(accepts) / median(raw),
                    median(whole));
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private double accepts(int clients, boolean settling) throws Exception {
        clean();
        try (SpoolLog spool = SpoolLog.open(platform, directory, SpoolSettings.DEFAULTS)) {
            return run(clients, () -> accept(spool, settling));
        }
    }

    private void accept(SpoolLog spool, boolean settling) {
        ContentSink sink = spool.openContent();
        sink.write(body, 0, body.length);
        Acceptance message =
                new Acceptance(
                        "",
                        Samples.ORIGIN,
                        envelope,
                        List.of(Samples.RELAYED),
                        prefix,
                        sink,
                        Instant.EPOCH);
        if (!(spool.accept(message) instanceof AcceptResult.Accepted)) {
            throw new IllegalStateException("refused");
        }
        if (settling) {
            try {
                for (QueuedDelivery delivery : spool.take(1, platform.time().after(SHORT))) {
                    spool.settle(List.of(Samples.done(delivery)));
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final Duration SHORT = Duration.ofSeconds(1);

    /** Clients that hand in octets, one thread that writes and forces what gathered. */
    private double raw(int clients) throws Exception {
        clean();
        try (RawLog log = new RawLog(platform, directory.resolve("raw"))) {
            return run(clients, () -> log.append(body));
        }
    }

    private double run(int clients, Runnable step) throws Exception {
        AtomicLong count = new AtomicLong();
        CountDownLatch ready = new CountDownLatch(clients);
        long start = platform.time().nanos();
        List<Threads.Task> tasks = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            tasks.add(
                    platform.threads()
                            .start(
                                    "client",
                                    () -> {
                                        ready.countDown();
                                        while (platform.time().nanos() - start < nanos) {
                                            step.run();
                                            count.incrementAndGet();
                                        }
                                    }));
        }
        for (Threads.Task task : tasks) {
            task.join(Deadline.NEVER);
        }
        return count.get() * 1e9 / (platform.time().nanos() - start);
    }

    private void clean() throws IOException {
        Files.createDirectories(directory);
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** The least that group commit needs: a preallocated file used in a circle. */
    private static final class RawLog implements AutoCloseable {
        private static final int OCTETS = 256 << 20;
        private final LinkedBlockingQueue<Entry> waiting = new LinkedBlockingQueue<>();
        private final DiskFile file;
        private final Threads.Task writer;

        private record Entry(byte[] octets, CountDownLatch done) {}

        RawLog(Platform platform, Path path) throws IOException {
            file = platform.disk().create(path);
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (int at = 0; at < OCTETS; at += zeros.capacity()) {
                file.write(zeros.clear(), at);
            }
            file.force();
            writer = platform.threads().startDedicated("raw", this::write);
        }

        void append(byte[] octets) {
            Entry entry = new Entry(octets, new CountDownLatch(1));
            waiting.add(entry);
            try {
                entry.done.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void write() {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4 << 20);
            List<Entry> batch = new ArrayList<>();
            long at = 0;
            try {
                while (true) {
                    batch.add(waiting.take());
                    waiting.drainTo(batch);
                    buffer.clear();
                    for (Entry entry : batch) {
                        buffer.put(entry.octets);
                    }
                    buffer.flip();
                    at = at + buffer.limit() > OCTETS ? 0 : at;
                    file.write(buffer, at);
                    at += buffer.limit();
                    file.force();
                    batch.forEach(entry -> entry.done.countDown());
                    batch.clear();
                }
            } catch (InterruptedException e) {
                // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            writer.interrupt();
            try {
                writer.join(Deadline.NEVER);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            file.close();
        }
    }
}

package org.posthouse.benchmarks;

import org.posthouse.core.ContentSink;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolLog;
import org.posthouse.spool.SpoolSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A large queue of which everything is due leaves by MX records: first for one destination, then
 * for many, where of twenty recipients one is refused for good and one for now. The program is
 * started on a queue that was made before; a line tells how it goes on.
 */
public final class Drain {
    private static final int THREADS = 512;

    private static final int QUIET_MAX = 10;

    private final int messages;
    private final int size;
    private final Arguments settings;

    private Drain(Arguments settings) {
        this.settings = settings;
        messages = settings.number("messages", 1_000_000);
        size = settings.number("size", 2048);
    }

    public static void main(String[] arguments) throws Exception {
        Arguments settings =
                Arguments.of(
                        Arrays.copyOfRange(arguments, 1, arguments.length),
                        Set.of("messages", "size", "destinations", "report"));
        Machine.describe(Folder.existing("drain").path()).forEach(System.out::println);
        var drain = new Drain(settings);
        for (String destinations : settings.text("destinations", "1,10000").split(",")) {
            drain.run(Integer.parseInt(destinations));
        }
    }

    private void run(int destinations) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%n%,d messages of %,d octets, destinations: %,d; load average %s%n",
                messages,
                size,
                destinations,
                Machine.loadAverage());
        Path folder = Peers.folder("drain");
        make(folder.resolve("data/spool"), destinations);
        var sink = new LoadSink(null, destinations > 1, "PIPELINING"); // the peer closes it
        try (var names = new NameServer()) {
            long begin = System.nanoTime();
            try (Peer peer = start(folder, names, sink)) {
                System.out.printf("listens after %.2f s%n", seconds(begin));
                watch(peer, sink, begin);
            }
        }
    }

    private void make(Path folder, int destinations) throws Exception {
        Files.createDirectories(folder);
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.system())) {
            platform.threads()
                    .startDedicated(
                            "make",
                            () -> {
                                try {
                                    make(platform, folder, destinations);
                                } catch (Exception e) {
                                    failure.set(e);
                                }
                            })
                    .join(Deadline.NEVER);
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void make(Platform platform, Path folder, int destinations) throws Exception {
        try (SpoolLog spool = SpoolLog.open(platform, folder, SpoolSettings.DEFAULTS)) {
            var next = new AtomicLong();
            List<Threads.Task> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                tasks.add(platform.threads().start("make", () -> fill(spool, next, destinations)));
            }
            for (Threads.Task task : tasks) {
                task.join(Deadline.NEVER);
            }
        }
    }

    private void fill(Spool spool, AtomicLong next, int destinations) {
        byte[] body = content();
        for (long i = next.getAndIncrement(); i < messages; i = next.getAndIncrement()) {
            ContentSink content = spool.openContent();
            content.write(body, 0, body.length);
            String domain = String.format(Locale.ROOT, "d%05d.example", i * 7_919 % destinations);
            Mail.accept(
                    spool,
                    Mail.acceptance(
                            Mail.to("user" + i * 7_907 % 100_003, domain), content, Instant.EPOCH));
        }
    }

    private byte[] content() {
        var content = new byte[size];
        Arrays.fill(content, (byte) 'x');
        for (int i = 64; i < size; i += 64) {
            content[i - 2] = '\r';
            content[i - 1] = '\n';
        }
        return content;
    }

    private static Peer start(Path folder, NameServer names, LoadSink sink)
            throws IOException, InterruptedException {
        int port = Peer.freePort();
        Path configuration = folder.resolve("posthouse.toml");
        Files.writeString(
                configuration,
                """
                hostname = "bench.example"
                data = "%s"
                [listener.here]
                bind = "127.0.0.1:%d"
                [domains]
                local = ["localhost"]
                [dns]
                servers = ["127.0.0.1:%d"]
                [[route]]
                via = "mx"
                port = %d
                internal = true
                tls = "off"
                [retry]
                ladder = ["30m", "1h"]
                """
                        .formatted(folder.resolve("data"), port, names.port(), sink.port()));
        String launcher = Folder.root().resolve("posthouse").toString();
        var program = new ProcessBuilder(launcher, "run", "--config", configuration.toString());
        return Peer.start("posthouse", port, program, folder.resolve("log"), sink);
    }

    /** Until each recipient was taken or refused once. */
    private void watch(Peer peer, LoadSink sink, long begin) throws Exception {
        long millis = settings.number("report", 5) * 1000L;
        long before = 0;
        long answered = 0;
        int quiet = 0;
        while (answered < messages) {
            if (quiet == QUIET_MAX) {
                throw new IOException(
                        "nothing leaves any more; see benchmarks/target/bench/peers/drain/log");
            }
            Thread.sleep(millis);
            long[] refused = sink.refusals();
            answered = sink.messages() + refused[0] + refused[1] - refused[2];
            System.out.printf(
                    Locale.ROOT,
                    "%6.1f s %,9d taken %,7d refused %,7d deferred %,8.0f/s  %4.0f MiB, %.3f ms a"
                            + " message%n",
                    seconds(begin),
                    sink.messages(),
                    refused[0],
                    refused[1],
                    (answered - before) * 1000.0 / millis,
                    peer.tree().memoryMib(),
                    peer.tree().cpuMillis() / answered);
            quiet = answered == before ? quiet + 1 : 0;
            before = answered;
        }
        System.out.printf(
                Locale.ROOT,
                "all after %.1f s: %,.0f/s%n",
                seconds(begin),
                answered / seconds(begin));
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}

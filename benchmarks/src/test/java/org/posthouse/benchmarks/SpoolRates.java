package org.posthouse.benchmarks;

import org.posthouse.core.ContentSink;
import org.posthouse.core.Envelope;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolLog;
import org.posthouse.spool.SpoolSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How near the spool comes to what the disk gives, in one run: one writer of small messages against
 * a preallocated file that is overwritten and forced; many writers against raw appends that share
 * their forces; one large message against plain appends with one force. Each against the same done
 * in C and in Java through the platform's disk.
 */
public final class SpoolRates implements AutoCloseable {
    private static final int SMALL = 4 << 10;
    private static final int MEDIUM = 16 << 10;
    private static final int WRITERS = 64;
    private static final int PIECE = 64 << 10;
    private static final long OVERWRITTEN = 256L << 20;
    private static final double MEGA = 1e6;
    private static final Contest.Unit A_SECOND = new Contest.Unit("/s", 1);

    private final Platform platform;
    private final Folder folder;
    private final Arguments arguments;
    private final Duration length;
    private final double others;
    private final JavaLimits java;
    private final Optional<NativeLimits> c;
    private final Quiet quiet;
    private final Envelope envelope = Mail.to("ada", "far.example");

    private SpoolRates(Platform platform, Arguments arguments) throws Exception {
        this.platform = platform;
        this.arguments = arguments;
        folder = Folder.fresh("rates");
        length = Duration.ofMillis((long) (arguments.real("seconds", 2) * 1000));
        others = arguments.real("others", 0.1);
        java = new JavaLimits(platform, length);
        c = NativeLimits.compile(folder.path(), length);
        quiet = new Quiet(platform, folder.file("probe"));
    }

    /** Runs all, or what {@code only} names. */
    public static void main(String[] given) throws Exception {
        Arguments arguments =
                Arguments.of(
                        given, Set.of("seconds", "repetitions", "warm", "only", "large", "others"));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.system())) {
            // files are worked on without a detour by threads of the platform only
            platform.threads()
                    .startDedicated("rates", () -> run(platform, arguments, failure))
                    .join(Deadline.NEVER);
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }

    private static void run(
            Platform platform, Arguments arguments, AtomicReference<Throwable> failure) {
        try (var rates = new SpoolRates(platform, arguments)) {
            rates.run();
        } catch (Throwable e) { // thrown again by the first thread
            failure.set(e);
        }
    }

    private void run() throws Exception {
        Machine.describe(folder.path()).forEach(System.out::println);
        System.out.printf(
                "append of 4 KiB with force, quiet: %.0f us; runs of %s%n", quiet.usual(), length);
        int repetitions = arguments.number("repetitions", 9);
        int warmUps = arguments.number("warm", 4);
        String only = arguments.text("only", "abc");
        if (only.contains("a")) {
            oneWriter().run(warmUps, repetitions, System.out);
        }
        if (only.contains("b")) {
            manyWriters().run(warmUps, repetitions, System.out);
        }
        if (only.contains("c")) {
            largeMessage().run(warmUps, repetitions, System.out);
        }
    }

    @Override
    public void close() throws IOException {
        quiet.close();
        folder.empty();
    }

    private Contest oneWriter() throws IOException {
        Path file = folder.file("overwritten");
        JavaLimits.fill(platform, file, OVERWRITTEN);
        byte[] body = Octets.random(SMALL);
        Contest contest =
                new Contest(
                        "(a) one writer, 4 KiB, against overwrite and force",
                        A_SECOND,
                        0.8,
                        others);
        c.ifPresent(
                limits -> contest.limit("C", () -> rested(() -> limits.overwrite(file, SMALL))));
        return contest.limit("Java", () -> rested(() -> java.overwrite(file, SMALL)))
                .add("spool", () -> accepts(1, body));
    }

    private Contest manyWriters() {
        Path file = folder.file("appended");
        byte[] body = Octets.random(MEDIUM);
        Contest contest =
                new Contest(
                        "(b) 64 writers, 16 KiB, against appends that share forces",
                        A_SECOND,
                        0.8,
                        others);
        c.ifPresent(
                limits ->
                        contest.limit(
                                "C", () -> made(file, () -> limits.group(file, MEDIUM, WRITERS))));
        return contest.limit("Java", () -> made(file, () -> java.group(file, MEDIUM, WRITERS)))
                .add("spool", () -> accepts(WRITERS, body));
    }

    private Contest largeMessage() {
        Path file = folder.file("appended");
        long octets = (long) arguments.number("large", 1024) << 20;
        byte[] piece = Octets.random(PIECE);
        Contest contest =
                new Contest(
                        "(c) one message of "
                                + (octets >> 20)
                                + " MiB, against appends and one force",
                        new Contest.Unit("MB/s", MEGA),
                        0.7,
                        others);
        c.ifPresent(
                limits ->
                        contest.limit(
                                "C",
                                () -> made(file, () -> limits.sequential(file, octets, PIECE))));
        return contest.limit("Java", () -> made(file, () -> java.sequential(file, octets, PIECE)))
                .add("spool", () -> large(octets, piece));
    }

    private Sample rested(Contest.Candidate candidate) throws Exception {
        quiet.await();
        return candidate.measure();
    }

    /** Measures what makes a file, which is deleted afterwards. */
    private Sample made(Path file, Contest.Candidate candidate) throws Exception {
        try {
            return rested(candidate);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Sample accepts(int writers, byte[] body) throws Exception {
        return withSpool(
                spool ->
                        new Clients(platform, length, false)
                                .run(writers, () -> Mail.accept(spool, envelope, body)));
    }

    private Sample large(long octets, byte[] piece) throws Exception {
        return withSpool(
                spool -> {
                    long start = platform.time().nanos();
                    ContentSink content = spool.openContent();
                    for (long at = 0; at < octets; at += piece.length) {
                        content.write(piece, 0, piece.length);
                    }
                    Mail.accept(spool, Mail.acceptance(envelope, content, Instant.EPOCH));
                    return Sample.ofOctets(octets, platform.time().nanos() - start);
                });
    }

    /** Something to be measured in a spool. */
    private interface InSpool {
        Sample measure(Spool spool) throws Exception;
    }

    /** In a new spool, with the settings of a server. */
    private Sample withSpool(InSpool measured) throws Exception {
        Folder own = Folder.fresh("rates-spool");
        try (SpoolLog spool = SpoolLog.open(platform, own.path(), SpoolSettings.DEFAULTS)) {
            quiet.await();
            return measured.measure(spool);
        } finally {
            own.delete();
        }
    }
}

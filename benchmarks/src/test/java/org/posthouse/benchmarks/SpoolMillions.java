package org.posthouse.benchmarks;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.spool.SpoolLog;
import org.posthouse.spool.SpoolSettings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Puts a large queue on the disk, then starts a JVM on it again and again ({@link BacklogStart}):
 * with its checkpoint and without, from a cold page cache where that can be had. The queue is kept
 * and used again, unless told otherwise.
 */
public final class SpoolMillions {
    private static final double MILLI = 1e6;
    private static final double MIB = 1 << 20;
    private static final String MADE = "made";

    private final long count;
    private final Arguments arguments;
    private final Folder spool;
    private final Folder notes;

    private SpoolMillions(long count, Arguments arguments) throws IOException {
        this.count = count;
        this.arguments = arguments;
        spool = Folder.existing("millions-" + count);
        notes = Folder.existing("millions-" + count + "-notes");
    }

    /** The first argument is how many. */
    public static void main(String[] given) throws Exception {
        long count = Long.parseLong(given[0].replace("_", ""));
        Arguments arguments =
                Arguments.of(
                        Arrays.copyOfRange(given, 1, given.length),
                        Set.of("threads", "repetitions", "heap", "cold", "keep"));
        var millions = new SpoolMillions(count, arguments);
        Machine.describe(millions.spool.path()).forEach(System.out::println);
        System.out.println("load average: " + Machine.loadAverage());
        if (!Files.exists(millions.notes.file(MADE))) {
            millions.make();
        }
        System.out.print(Files.readString(millions.notes.file(MADE)));
        millions.measure();
        if (arguments.text("keep", "yes").equals("no")) {
            millions.spool.delete();
            millions.notes.delete();
        }
    }

    private void make() throws Exception {
        spool.empty();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        StringBuilder told = new StringBuilder();
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.system())) {
            platform.threads()
                    .startDedicated(
                            "make",
                            () -> {
                                try {
                                    make(platform, told);
                                } catch (Exception e) {
                                    failure.set(e);
                                }
                            })
                    .join(Deadline.NEVER);
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
        Files.writeString(notes.file(MADE), told);
    }

    private void make(Platform platform, StringBuilder told) throws Exception {
        SpoolLog log = SpoolLog.open(platform, spool.path(), SpoolSettings.DEFAULTS);
        long before = platform.time().nanos();
        Backlog backlog = new Backlog(platform, log);
        backlog.accept(count, arguments.number("threads", 512));
        double accepted = (platform.time().nanos() - before) / MILLI;
        before = platform.time().nanos();
        long tried = backlog.deferDue();
        double deferred = (platform.time().nanos() - before) / MILLI;
        before = platform.time().nanos();
        log.close();
        double closed = (platform.time().nanos() - before) / MILLI;
        told.append(
                String.format(
                        Locale.ROOT,
                        "made: %,d messages over %,d domains in %.1f s (%,.0f/s); %,d deferred once"
                                + " in %.1f s; closed, with a checkpoint, in %.0f ms%n"
                                + "on disk: %,.0f MiB, of it checkpoints: %s%n",
                        count,
                        Backlog.DOMAINS,
                        accepted / 1000,
                        count / accepted * 1000,
                        tried,
                        deferred / 1000,
                        closed,
                        spool.octets() / MIB,
                        checkpoints()));
    }

    private String checkpoints() throws IOException {
        StringBuilder sizes = new StringBuilder();
        for (Path file : files("checkpoint-")) {
            sizes.append(String.format(Locale.ROOT, "%,.1f MiB ", Files.size(file) / MIB));
        }
        return sizes.isEmpty() ? "none" : sizes.toString().strip();
    }

    private List<Path> files(String prefix) throws IOException {
        return spool.files().stream()
                .filter(file -> file.getFileName().toString().startsWith(prefix))
                .toList();
    }

    private void measure() throws Exception {
        Optional<NativeLimits> c = NativeLimits.compile(notes.path(), Duration.ZERO);
        int repetitions = arguments.number("repetitions", 3);
        boolean cold = c.isPresent() && arguments.text("cold", "yes").equals("yes");
        if (cold) {
            series("cold page cache, with the checkpoint", repetitions, () -> forget(c.get()));
        }
        series("warm page cache, with the checkpoint", repetitions, () -> {});
        series("warm page cache, without a checkpoint", repetitions, this::dropCheckpoints);
    }

    /** What is done before each start. */
    private interface Preparation {
        void run() throws Exception;
    }

    private void forget(NativeLimits limits) throws Exception {
        limits.forget(spool.files());
    }

    private void dropCheckpoints() throws IOException {
        for (Path file : files("checkpoint-")) {
            Files.delete(file);
        }
    }

    private void series(String title, int repetitions, Preparation preparation) throws Exception {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        for (int i = 0; i < repetitions; i++) {
            preparation.run();
            start().forEach((name, value) -> put(values, name, value));
        }
        System.out.printf("%n%s, load average after: %s%n", title, Machine.loadAverage());
        values.forEach(
                (name, all) ->
                        System.out.printf("%-52s %s%n", name, Spread.of(all, x -> x).text(1, 1)));
    }

    private static void put(Map<String, List<Double>> values, String name, double value) {
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    private Map<String, Double> start() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + arguments.text("heap", "1g"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                BacklogStart.class.getName(),
                                spool.path().toString())
                        .redirectError(notes.file("stderr").toFile())
                        .start();
        Map<String, Double> values = new LinkedHashMap<>();
        try (InputStream said = process.getInputStream()) {
            new String(said.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("="))
                    .forEach(words -> values.put(words[0], Double.parseDouble(words[1])));
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    "the measuring JVM failed: " + Files.readString(notes.file("stderr")));
        }
        return values;
    }
}

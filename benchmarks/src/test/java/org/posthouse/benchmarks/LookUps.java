package org.posthouse.benchmarks;

import org.posthouse.FullJournal;
import org.posthouse.FullJournal.Past;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.SpoolAdmin;
import org.posthouse.spool.SpoolLog;
import org.posthouse.spool.SpoolSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks a daemon with a large queue and a full journal for single messages, through its control
 * socket: those that are queued, the oldest and the newest, those that have left the queue, and
 * those that never were. The queue and the journal are kept and used again.
 */
public final class LookUps {
    private static final String HOLDING =
            """
            hostname = "mx.example"
            data     = "data"

            [listener.here]
            bind = "127.0.0.1:0"

            [[relay]]
            name    = "people"
            clients = ["198.51.100.0/24"]

            [[route]]
            name = "nowhere"
            via  = "smarthost"
            host = "127.0.0.1:9"
            """;

    private static final double MILLI = 1e6;
    private static final String MADE = "made";

    /** A counter of so many bits stands behind the milliseconds of an id. */
    private static final long MILLISECOND = 1L << 20;

    private final int count;
    private final Folder folder;

    private LookUps(int count) throws IOException {
        this.count = count;
        folder = Folder.existing("lookups-" + count);
    }

    /** The first argument is how many messages are queued. */
    public static void main(String[] given) throws Exception {
        String[] rest = List.of(given).subList(1, given.length).toArray(String[]::new);
        Arguments arguments = Arguments.of(rest, Set.of("asked", "cold"));
        var lookUps = new LookUps(Integer.parseInt(given[0].replace("_", "")));
        Machine.describe(lookUps.folder.path()).forEach(System.out::println);
        if (!Files.exists(lookUps.folder.file(MADE))) {
            inPlatform(lookUps::make);
        }
        System.out.println("load average: " + Machine.loadAverage());
        lookUps.measure(
                arguments.number("asked", 200), arguments.text("cold", "yes").equals("yes"));
    }

    private interface Work {
        void on(Platform platform) throws Exception;
    }

    private static void inPlatform(Work work) throws Exception {
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.system())) {
            platform.threads()
                    .startDedicated(
                            "make",
                            () -> {
                                try {
                                    work.on(platform);
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

    private Path data() {
        return folder.path().resolve("data");
    }

    private void make(Platform platform) throws Exception {
        Path spool = data().resolve("spool");
        Files.createDirectories(spool);
        try (SpoolLog log = SpoolLog.open(platform, spool, SpoolSettings.DEFAULTS)) {
            var backlog = new Backlog(platform, log);
            backlog.accept(count, 512);
            backlog.deferDue();
            remember(platform, log.admin());
        }
    }

    /** Those that have left come first, as many as leave room for those that are queued. */
    private void remember(Platform platform, SpoolAdmin admin) throws Exception {
        var journal = new FullJournal(platform, data().resolve("journal"));
        List<Past> queued = queued(admin);
        int left = FullJournal.FILES * FullJournal.PER_FILE - queued.size();
        List<Past> all = new ArrayList<>();
        for (int i = left; i > 0; i--) {
            all.add(new Past(gone(queued.getFirst().id(), i), new Mailbox("user", "gone.example")));
        }
        all.addAll(queued);
        for (int i = 0; i < all.size(); i += FullJournal.PER_FILE) {
            journal.add(all.subList(i, Math.min(all.size(), i + FullJournal.PER_FILE)));
        }
        Files.write(folder.file("ids"), queued.stream().map(p -> p.id().toString()).toList());
        Files.writeString(
                folder.file(MADE),
                queued.getFirst().id() + " " + queued.getLast().id() + " " + left + "\n");
    }

    private static SpoolId gone(SpoolId first, long before) {
        return new SpoolId(first.value() - before * MILLISECOND);
    }

    private static List<Past> queued(SpoolAdmin admin) {
        List<Past> found = new ArrayList<>();
        var after = new DeliveryId(new SpoolId(1), 0);
        List<QueuedDelivery> page = admin.list(after, 10_000);
        while (!page.isEmpty()) {
            for (QueuedDelivery each : page) {
                found.add(new Past(each.id().message(), new Mailbox("user", each.domain())));
            }
            page = admin.list(page.getLast().id(), 10_000);
        }
        return found;
    }

    private void measure(int asked, boolean cold) throws Exception {
        Optional<NativeLimits> c = NativeLimits.compile(folder.path(), Duration.ZERO);
        Map<String, List<SpoolId>> ids = ids(asked);
        if (cold && c.isPresent()) {
            c.get().forget(files("journal"));
            c.get().forget(files("spool"));
        }
        try (LoadedDaemon daemon = LoadedDaemon.start(folder.path(), HOLDING);
                var socket = new ControlConnection(data().resolve("control/socket"))) {
            System.out.println(socket.ask("{\"v\":1,\"do\":\"status\"}").getLast());
            for (String round : List.of("first", "again", "once more")) {
                for (String verb : List.of("explain", "timeline")) {
                    for (Map.Entry<String, List<SpoolId>> each : ids.entrySet()) {
                        System.out.printf("%-10s %-9s %-8s ", round, verb, each.getKey());
                        ask(socket, verb, each.getValue());
                    }
                }
            }
            System.out.println("load average: " + Machine.loadAverage() + ", " + daemon.address());
        }
    }

    private List<Path> files(String name) throws IOException {
        return new Folder(data().resolve(name)).files();
    }

    private Map<String, List<SpoolId>> ids(int asked) throws IOException {
        String[] made = Files.readString(folder.file(MADE)).strip().split(" ");
        SpoolId first = SpoolId.parse(made[0]);
        SpoolId last = SpoolId.parse(made[1]);
        int left = Integer.parseInt(made[2]);
        Map<String, List<SpoolId>> ids = new LinkedHashMap<>();
        List<SpoolId> gone = new ArrayList<>();
        List<SpoolId> unknown = new ArrayList<>();
        List<SpoolId> later = new ArrayList<>();
        for (int i = 0; i < asked; i++) {
            gone.add(gone(first, 1 + (long) left * i / asked));
            unknown.add(new SpoolId(gone(first, 1 + (long) left * i / asked).value() + 7));
            later.add(new SpoolId(last.value() + (i + 1) * MILLISECOND));
        }
        ids.put("queued", spread(asked));
        ids.put("gone", gone);
        ids.put("unknown", unknown);
        ids.put("later", later);
        return ids;
    }

    /** From the oldest to the newest. */
    private List<SpoolId> spread(int asked) throws IOException {
        List<SpoolId> all = new ArrayList<>();
        for (String line : Files.readAllLines(folder.file("ids"))) {
            all.add(SpoolId.parse(line));
        }
        List<SpoolId> some = new ArrayList<>();
        for (int i = 0; i < asked; i++) {
            some.add(all.get((int) ((long) (all.size() - 1) * i / Math.max(1, asked - 1))));
        }
        return some;
    }

    private static void ask(ControlConnection socket, String verb, List<SpoolId> ids)
            throws IOException {
        List<Double> millis = new ArrayList<>();
        int found = 0;
        for (SpoolId id : ids) {
            long before = System.nanoTime();
            List<String> answer =
                    socket.ask("{\"v\":1,\"do\":\"" + verb + "\",\"id\":\"" + id + "\"}");
            millis.add((System.nanoTime() - before) / MILLI);
            found += answer.getLast().startsWith("{\"v\":1,\"ok\":true") ? 1 : 0;
        }
        millis.sort(Double::compare);
        System.out.printf(
                Locale.ROOT,
                "%d found of %d; median %.2f ms, 99 %% %.2f ms, longest %.2f ms%n",
                found,
                ids.size(),
                millis.get(millis.size() / 2),
                millis.get(millis.size() * 99 / 100),
                millis.getLast());
    }
}

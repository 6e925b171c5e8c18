package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Threads;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What {@link SpoolCrashTest} does, with contents that go to bulk segments: the machine dies at
 * every change of the disk, and every operation of the disk fails. Besides, no file of large
 * content outlives its messages.
 */
class SpoolBulkCrashTest {
    private static final Path DIRECTORY = Path.of("/var/spool");
    private static final int CHUNK = 1 << 10;

    /** So small that a few messages fill, leave and delete many segments of both kinds. */
    private static final SpoolSettings TINY =
            new SpoolSettings(16 << 10, CHUNK, 4 << 10, 64 << 10, 4 << 10, 2, 1, 64 << 10);

    private static final Logger QUIET = Logger.getLogger("org.posthouse.spool");

    @BeforeAll
    static void expectErrors() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void expectNone() {
        QUIET.setLevel(null);
    }

    /** Every other world has contents of two chunks in its log, the rest even reports in bulk. */
    private static SpoolLog open(SimPlatform platform) {
        int from = platform.seed() % 2 == 0 ? CHUNK : 2 * CHUNK;
        return SpoolLog.open(platform, DIRECTORY, TINY.withBulk(from, 16 << 10));
    }

    /** A client's day; goes on whatever is refused. */
    private static void history(SpoolModel model, Spool spool) throws InterruptedException {
        model.accept(spool, "a", 5000);
        model.accept(spool, "b", 12_000);
        model.take(spool);
        ContentSink aborted = spool.openContent();
        aborted.write(new byte[4500], 0, 4500);
        settle(model, spool, Map.of(delivery("a", 0), List.of()), List.of());
        settle(model, spool, Map.of(delivery("b", 0), List.of(1)), List.of("report-b"));
        aborted.write(new byte[4500], 0, 4500);
        model.accept(spool, "small", 300);
        for (int i = 0; i < 4; i++) {
            String key = "m" + i;
            model.accept(spool, key, 2000 + 1500 * i);
            model.take(spool);
            both(model, spool, key, i == 2 ? List.of("r1", "r2") : List.of());
        }
        aborted.discard();
        settle(model, spool, Map.of(delivery("a", 1), List.of()), List.of());
        both(model, spool, "b", List.of("last"));
    }

    private static void both(SpoolModel model, Spool spool, String key, List<String> reports) {
        Map<SpoolModel.Delivery, List<Integer>> both = new LinkedHashMap<>();
        both.put(delivery(key, 0), List.of());
        both.put(delivery(key, 1), List.of());
        settle(model, spool, both, reports);
    }

    private static SpoolModel.Delivery delivery(String key, int number) {
        return new SpoolModel.Delivery(key, number);
    }

    private static void settle(
            SpoolModel model,
            Spool spool,
            Map<SpoolModel.Delivery, List<Integer>> wanted,
            List<String> reports) {
        Map<SpoolModel.Delivery, List<Integer>> possible = new LinkedHashMap<>(wanted);
        possible.keySet().removeIf(delivery -> model.open(delivery).isEmpty());
        if (possible.isEmpty()) {
            return;
        }
        try {
            model.settle(spool, possible, reports);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("could not be stored");
        }
    }

    /** What a new process finds; goes on with it until nothing is left, not even a file. */
    private static void goOn(SimPlatform platform, SpoolModel model) throws InterruptedException {
        try (SpoolLog spool = open(platform)) {
            assertThat(spool.admin().recovery().damagedFrames()).isZero();
            model.verifyRecovered(spool);
            model.accept(spool, "after-" + platform.seed(), 5500);
            model.verifyExactly(spool);
        }
        try (SpoolLog spool = open(platform)) {
            assertThat(spool.admin().recovery().damagedFrames()).isZero();
            model.verifyExactly(spool);
            settleAll(model, spool);
        }
        try (SpoolLog spool = open(platform)) {
            assertThat(spool.admin().recovery().damagedFrames()).isZero();
            model.verifyExactly(spool);
            assertThat(bulkFiles(platform)).isEmpty();
        }
    }

    private static void settleAll(SpoolModel model, Spool spool) throws InterruptedException {
        for (SpoolModel.Delivery delivery : model.take(spool)) {
            settle(model, spool, Map.of(delivery, List.of()), List.of());
        }
        assertThat(spool.admin().messageCount()).isZero();
    }

    private static List<String> bulkFiles(SimPlatform platform) {
        try {
            List<String> names = platform.disk().list(DIRECTORY);
            return names.stream().filter(name -> name.startsWith("bulk-")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The history without any trouble. */
    private static SimPlatform clean(long seed) throws InterruptedException {
        SimPlatform platform = new SimPlatform(seed);
        SpoolModel model = new SpoolModel();
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        history(model, spool);
                        model.verifyExactly(spool);
                    }
                });
        platform.assertNothingOpen();
        return platform;
    }

    private static void crashAt(long seed, long change, SimLoss loss) throws InterruptedException {
        SimPlatform platform = new SimPlatform(seed);
        SpoolModel model = new SpoolModel();
        platform.disk().crashAt(change);
        try {
            platform.run(
                    () -> {
                        try (SpoolLog spool = open(platform)) {
                            history(model, spool);
                        }
                    });
        } catch (SimCrash expected) {
            // the point of it
        }
        SimPlatform next = crashAgain(platform.restart(loss), change + seed, loss);
        next.run(() -> goOn(next, model));
    }

    /** Dies in the middle of the recovery, too, and comes up again. */
    private static SimPlatform crashAgain(SimPlatform platform, long number, SimLoss loss) {
        if (number % 3 == 0) {
            return platform;
        }
        platform.disk().crashAt(1 + number % 7);
        try {
            platform.run(() -> open(platform).close());
        } catch (SimCrash expected) {
            // the point of it
        }
        return platform.restart(loss);
    }

    private static void crashEverywhere(long firstSeed, int seeds) throws InterruptedException {
        long runs = 0;
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            long changes = clean(seed).disk().changes();
            for (long change = 1; change <= changes; change++) {
                for (SimLoss loss : SimLoss.values()) {
                    try {
                        crashAt(seed, change, loss);
                        runs++;
                    } catch (RuntimeException | AssertionError e) {
                        throw new AssertionError(
                                "seed " + seed + ", change " + change + ", " + loss, e);
                    }
                }
            }
        }
        assertThat(runs).isGreaterThan(100L * seeds);
    }

    @Test
    void crashAtEveryChange() throws InterruptedException {
        crashEverywhere(1, 4);
    }

    @Test
    @Tag("campaign")
    @Timeout(7200)
    void crashAtEveryChangeOften() throws InterruptedException {
        crashEverywhere(1000, 1000);
    }

    private static void fault(
            SimDiskOperation operation, long nth, boolean forGood, SimDiskFailure failure)
            throws InterruptedException {
        SimPlatform platform = new SimPlatform(nth);
        SpoolModel model = new SpoolModel();
        boolean ended =
                platform.call(
                        () -> {
                            try (SpoolLog spool = open(platform)) {
                                if (forGood) {
                                    platform.disk().failAll(operation, failure);
                                } else {
                                    platform.disk().fail(operation, nth, failure);
                                }
                                history(model, spool);
                                model.verifyExactly(spool);
                                platform.disk().heal();
                                platform.time().sleep(Duration.ofSeconds(2));
                                assertThat(model.accept(spool, "healed", 7000)).isTrue();
                            }
                            return true;
                        });
        assertThat(ended).isTrue();
        platform.assertNothingOpen();
        SimPlatform next = afterwards(platform, nth);
        next.run(() -> goOn(next, model));
        SimPlatform last = next.restart(SimLoss.POWER);
        last.run(() -> goOn(last, model));
    }

    /** The power goes at once, or after a new process has read what was in memory only. */
    private static SimPlatform afterwards(SimPlatform platform, long nth) {
        if (nth % 3 == 0) {
            return platform.restart(SimLoss.POWER);
        }
        SimPlatform next = platform.restart(SimLoss.PROCESS);
        next.run(() -> open(next).close());
        return nth % 3 == 1 ? next : next.restart(SimLoss.POWER);
    }

    @ParameterizedTest
    @EnumSource(SimDiskFailure.class)
    void everyOperationFailsOnceOrForGood(SimDiskFailure failure) throws InterruptedException {
        for (SimDiskOperation operation :
                List.of(
                        SimDiskOperation.CREATE,
                        SimDiskOperation.WRITE,
                        SimDiskOperation.FORCE,
                        SimDiskOperation.DELETE,
                        SimDiskOperation.FORCE_DIRECTORY)) {
            long operations = clean(1).disk().count(operation);
            for (long nth = 1; nth <= operations; nth++) {
                for (int way = 0; way < 2; way++) {
                    try {
                        fault(operation, nth, way == 1, failure);
                    } catch (RuntimeException | AssertionError e) {
                        throw new AssertionError(operation + " " + nth + " " + failure, e);
                    }
                }
            }
        }
    }

    /**
     * From one operation on the disk fails for good; then the process is killed, a new one works
     * with what it finds, which may be in memory only, and then the power goes.
     */
    private static void diskDies(SimDiskOperation operation, long nth) throws InterruptedException {
        SimPlatform platform = new SimPlatform(nth);
        SpoolModel model = new SpoolModel();
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        for (int i = 0; i < 300; i++) {
                            platform.disk()
                                    .fail(operation, nth + i, SimDiskFailure.INPUT_OUTPUT_ERROR);
                        }
                        history(model, spool);
                        model.verifyExactly(spool);
                    }
                });
        SimPlatform next = platform.restart(SimLoss.PROCESS);
        next.run(() -> goOn(next, model));
        SimPlatform last = next.restart(SimLoss.POWER);
        last.run(() -> goOn(last, model));
    }

    @Test
    void diskDiesAtEveryWriteAndForce() throws InterruptedException {
        for (SimDiskOperation operation : List.of(SimDiskOperation.WRITE, SimDiskOperation.FORCE)) {
            for (long nth = 1; nth <= 80; nth++) {
                try {
                    diskDies(operation, nth);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(operation + " " + nth, e);
                }
            }
        }
    }

    /** Clients and a relay at the same time, until the machine dies. */
    private static void crowd(long seed) throws InterruptedException {
        SimPlatform platform = new SimPlatform(seed);
        SpoolModel model = new SpoolModel();
        Random random = new Random(seed);
        platform.disk().forceTakes(Duration.ofMillis(random.nextInt(3)));
        platform.disk().crashAt(5 + random.nextInt(400));
        if (seed % 4 == 0) {
            platform.disk()
                    .fail(
                            SimDiskOperation.FORCE,
                            5 + random.nextInt(80),
                            SimDiskFailure.INPUT_OUTPUT_ERROR);
        }
        try {
            platform.run(
                    () -> {
                        try (SpoolLog spool = open(platform)) {
                            work(platform, model, spool, seed);
                            model.verifyExactly(spool);
                        }
                    });
        } catch (SimCrash expected) {
            // mostly
        }
        SimLoss loss = seed % 2 == 0 ? SimLoss.POWER : SimLoss.PROCESS;
        SimPlatform next = crashAgain(platform.restart(loss), seed, loss);
        next.run(() -> goOn(next, model));
        SimPlatform last = next.restart(SimLoss.POWER);
        last.run(() -> goOn(last, model));
    }

    private static void work(SimPlatform platform, SpoolModel model, SpoolLog spool, long seed)
            throws InterruptedException {
        List<Threads.Task> tasks = new ArrayList<>();
        for (int client = 0; client < 5; client++) {
            String name = "c" + client;
            Random random = new Random(seed * 31 + client);
            tasks.add(platform.threads().start(name, () -> client(model, spool, name, random)));
        }
        for (int relay = 0; relay < 2; relay++) {
            String name = "relay" + relay;
            Random random = new Random(seed * 37 + relay);
            tasks.add(platform.threads().start(name, () -> relay(model, spool, name, random)));
        }
        for (Threads.Task task : tasks) {
            task.join(Deadline.NEVER);
        }
    }

    private static void client(SpoolModel model, SpoolLog spool, String name, Random random) {
        for (int i = 0; i < 8; i++) {
            if (random.nextInt(4) == 0) {
                ContentSink aborted = spool.openContent();
                aborted.write(new byte[6000], 0, random.nextInt(6000));
                Thread.yield();
                aborted.discard();
            }
            model.accept(spool, name + "-" + i, random.nextInt(12_000));
        }
    }

    private static void relay(SpoolModel model, SpoolLog spool, String name, Random random) {
        try {
            ArrayDeque<SpoolModel.Delivery> mine = new ArrayDeque<>();
            for (int i = 0; i < 300; i++) {
                mine.addAll(model.take(spool));
                SpoolModel.Delivery delivery = mine.poll();
                if (delivery == null) {
                    Thread.yield();
                } else if (model.open(delivery).isEmpty()) {
                    mine.add(delivery); // its client was not told yet
                    Thread.yield();
                } else {
                    String report = "r-" + delivery.key() + delivery.number();
                    boolean reports = random.nextInt(5) == 0 && report.length() < 14;
                    List<String> inserts = reports ? List.of(report) : List.of();
                    settle(model, spool, Map.of(delivery, List.of()), inserts);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(name, e);
        }
    }

    private static void crowds(long firstSeed, int seeds) throws InterruptedException {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try {
                crowd(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void crowdInACrash() throws InterruptedException {
        crowds(1, 300);
    }

    @Test
    @Tag("campaign")
    @Timeout(7200)
    void crowdInManyCrashes() throws InterruptedException {
        crowds(100_000, 10_000);
    }

    /**
     * A commit that was refused may be found by the next start, when no later generation could be
     * opened and the power goes: then its content must be there, whatever came after it.
     */
    @Test
    void refusedCommitIsFoundWithItsContentOrNotAtAll() throws InterruptedException {
        int found = 0;
        for (long seed = 1; seed <= 100; seed++) {
            for (int nth = 2; nth <= 4; nth++) {
                found += refusedAndFound(seed, nth) ? 1 : 0;
            }
        }
        assertThat(found).isGreaterThan(10);
    }

    private static boolean refusedAndFound(long seed, int nth) throws InterruptedException {
        SimPlatform platform = new SimPlatform(seed);
        SpoolModel model = new SpoolModel();
        AtomicInteger accepted = new AtomicInteger();
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        for (int i = 0; i < 100; i++) {
                            platform.disk()
                                    .fail(
                                            SimDiskOperation.FORCE,
                                            nth + i,
                                            SimDiskFailure.INPUT_OUTPUT_ERROR);
                        }
                        for (int i = 0; i < 5; i++) {
                            accepted.addAndGet(model.accept(spool, "m" + i, 4500) ? 1 : 0);
                        }
                    }
                });
        SimPlatform next = platform.restart(SimLoss.POWER);
        long found =
                next.call(
                        () -> {
                            try (SpoolLog spool = open(next)) {
                                assertThat(spool.admin().recovery().damagedFrames()).isZero();
                                return spool.admin().messageCount();
                            }
                        });
        next.run(() -> goOn(next, model));
        return found > accepted.get();
    }

    /** Another's mail must not be read where a settled one lay, whatever happens to the files. */
    @Test
    void openContentOutlivesItsMessage() throws InterruptedException {
        for (long seed = 1; seed <= 20; seed++) {
            SimPlatform platform = new SimPlatform(seed);
            SpoolModel model = new SpoolModel();
            platform.run(
                    () -> {
                        try (SpoolLog spool = open(platform)) {
                            byte[] body = Samples.octets(7, 9000);
                            AcceptResult result =
                                    spool.accept(
                                            Samples.acceptance(spool, "", body, "x@x.example"));
                            var id = ((AcceptResult.Accepted) result).id();
                            Content content = spool.content(id);
                            List<QueuedDelivery> taken = spool.take(1, Deadline.NEVER);
                            spool.settle(List.of(Samples.done(taken.getFirst())));
                            history(model, spool);
                            assertThat(Samples.read(content)).isEqualTo(Samples.withPrefix(body));
                            model.verifyExactly(spool);
                        }
                    });
            platform.assertNothingOpen();
        }
    }
}

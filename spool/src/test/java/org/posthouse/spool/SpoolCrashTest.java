package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.core.ContentSink;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Threads;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The machine dies at every change of the disk, and every operation of the disk fails: what was
 * acknowledged is there, byte for byte, what was settled stays settled, and nothing is there in
 * part.
 */
class SpoolCrashTest {
    private static final Path DIRECTORY = Path.of("/var/spool");

    /** So small that a short history fills, leaves and frees many segments. */
    private static final SpoolSettings TINY =
            new SpoolSettings(16 << 10, 1 << 10, 4 << 10, 64 << 10, 4 << 10, 2, 1, 64 << 10)
                    .withCheckpointOctets(10 << 10);

    private static final Logger QUIET = Logger.getLogger("org.posthouse.spool");

    @BeforeAll
    static void expectErrors() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void expectNone() {
        QUIET.setLevel(null);
    }

    private static SpoolLog open(SimPlatform platform) {
        return SpoolLog.open(platform, DIRECTORY, TINY);
    }

    /** A client's day; goes on whatever is refused. */
    private static void history(SpoolModel model, Spool spool) throws InterruptedException {
        model.accept(spool, "a", 300);
        model.accept(spool, "b", 5000);
        model.take(spool);
        settle(model, spool, Map.of(delivery("a", 0), List.of()), List.of());
        settle(model, spool, Map.of(delivery("b", 0), List.of(1)), List.of());
        settle(model, spool, Map.of(delivery("a", 1), List.of()), List.of("report-a"));
        ContentSink aborted = spool.openContent();
        aborted.write(new byte[3500], 0, 3500);
        for (int i = 0; i < 8; i++) {
            model.accept(spool, "m" + i, 900 * i);
            model.take(spool);
            Map<SpoolModel.Delivery, List<Integer>> both = new LinkedHashMap<>();
            both.put(delivery("m" + i, 0), List.of());
            both.put(delivery("m" + i, 1), i == 3 ? List.of(2) : List.of());
            settle(model, spool, both, i == 5 ? List.of("r1", "r2") : List.of());
        }
        aborted.discard();
        settle(model, spool, Map.of(delivery("b", 0), List.of(1)), List.of());
        Map<SpoolModel.Delivery, List<Integer>> two = new LinkedHashMap<>();
        two.put(delivery("b", 0), List.of());
        two.put(delivery("m3", 1), List.of());
        settle(model, spool, two, List.of("last"));
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
        if (!possible.isEmpty()) {
            model.settle(spool, possible, reports);
        }
    }

    /** What a new process finds; goes on with it, and closes it in order. */
    private static void goOn(SimPlatform platform, SpoolModel model) throws InterruptedException {
        try (SpoolLog spool = open(platform)) {
            assertThat(spool.admin().recovery().damagedFrames()).isZero();
            model.verifyRecovered(spool);
            for (SpoolModel.Delivery delivery : model.take(spool)) {
                if (delivery.number() == 0 && !model.open(delivery).isEmpty()) {
                    settle(model, spool, Map.of(delivery, List.of()), List.of());
                }
            }
            model.accept(spool, "after-" + platform.seed(), 2500);
            model.verifyExactly(spool);
        }
        for (int round = 0; round < 2; round++) {
            try (SpoolLog spool = open(platform)) {
                assertThat(spool.admin().recovery().damagedFrames()).isZero();
                model.verifyExactly(spool);
                churn(model, spool, "r" + round + "-" + platform.seed() + "-", 3500);
            }
        }
        try (SpoolLog spool = open(platform)) {
            assertThat(spool.admin().recovery().damagedFrames()).isZero();
            model.verifyExactly(spool);
        }
    }

    /** Mail that comes and goes, so that whole generations come and go. */
    private static void churn(SpoolModel model, Spool spool, String name, int octets)
            throws InterruptedException {
        model.take(spool);
        for (int i = 0; i < 7; i++) {
            model.accept(spool, name + i, octets);
            model.take(spool);
            Map<SpoolModel.Delivery, List<Integer>> both = new LinkedHashMap<>();
            both.put(delivery(name + i, 0), List.of());
            both.put(delivery(name + i, 1), List.of());
            settle(model, spool, both, List.of());
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
                                assertThat(model.accept(spool, "healed", 2000)).isTrue();
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
                try {
                    fault(operation, nth, nth % 10 == 0, failure);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(operation + " " + nth + " " + failure, e);
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

    /**
     * A free header whose force failed is read from memory by the next process, which must not
     * trust it: with the settle records gone, the power cut would bring delivered mail back.
     */
    @Test
    void freeHeaderInMemoryOnlyIsNotTrusted() throws InterruptedException {
        for (long seed = 1; seed <= 40; seed++) {
            for (long nth = 1; nth <= 40; nth++) {
                SimPlatform platform = new SimPlatform(seed);
                SpoolModel model = new SpoolModel();
                long failing = nth;
                int octets = 1000 + (int) seed * 97;
                platform.run(
                        () -> {
                            try (SpoolLog spool = open(platform)) {
                                platform.disk()
                                        .fail(
                                                SimDiskOperation.FORCE,
                                                failing,
                                                SimDiskFailure.INPUT_OUTPUT_ERROR);
                                churn(model, spool, "m", octets);
                            }
                        });
                SimPlatform next = platform.restart(SimLoss.PROCESS);
                next.run(() -> open(next).close());
                SimPlatform last = next.restart(SimLoss.POWER);
                last.run(
                        () -> {
                            try (SpoolLog spool = open(last)) {
                                model.verifyRecovered(spool);
                            }
                        });
            }
        }
    }

    /** Clients and a relay at the same time, until the machine dies. */
    private static void crowd(long seed) throws InterruptedException {
        SimPlatform platform = new SimPlatform(seed);
        SpoolModel model = new SpoolModel();
        Random random = new Random(seed);
        platform.disk().forceTakes(Duration.ofMillis(random.nextInt(3)));
        platform.disk().crashAt(5 + random.nextInt(250));
        if (seed % 4 == 0) {
            platform.disk()
                    .fail(
                            SimDiskOperation.FORCE,
                            5 + random.nextInt(60),
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
            tasks.add(
                    platform.threads()
                            .start(
                                    name,
                                    () -> {
                                        for (int i = 0; i < 12; i++) {
                                            model.accept(
                                                    spool, name + "-" + i, random.nextInt(4000));
                                        }
                                    }));
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
                    relay(model, spool, delivery, random);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(name, e);
        }
    }

    private static void relay(
            SpoolModel model, SpoolLog spool, SpoolModel.Delivery delivery, Random random) {
        if (random.nextInt(3) == 0) {
            int last = model.open(delivery).getLast();
            settle(model, spool, Map.of(delivery, List.of(last)), List.of());
        }
        if (random.nextInt(4) > 0) {
            String key = "r-" + delivery.key() + delivery.number();
            boolean report = random.nextInt(5) == 0 && key.length() < 14;
            settle(model, spool, Map.of(delivery, List.of()), report ? List.of(key) : List.of());
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
}

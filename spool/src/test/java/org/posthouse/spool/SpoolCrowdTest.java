package org.posthouse.spool;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Threads;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Clients and relays at the same time, until the machine dies, by each rule in turn. */
@ExtendWith(QuietSpool.class)
class SpoolCrowdTest {
    private static final SpoolCrashes DAY =
            new SpoolCrashes(SpoolCrashes.TINY, SpoolCrashTest::day);

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
                        try (SpoolLog spool = DAY.open(platform)) {
                            work(platform, model, spool, seed);
                            model.verifyExactly(spool);
                        }
                    });
        } catch (SimCrash expected) {
            // mostly
        }
        SimPlatform next = platform.restart(loss(random));
        if (seed % 3 > 0) {
            next = DAY.dieAgain(next, random.nextInt(13), loss(random));
        }
        next = DAY.goOn(next, model);
        DAY.goOn(next.restart(loss(random)), model);
    }

    /** Half of them at random change by change. */
    private static SimLoss loss(Random random) {
        SimLoss[] losses = SimLoss.values();
        int number = random.nextInt(2 * losses.length);
        return number < losses.length ? losses[number] : SimLoss.POWER;
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
            SpoolCrashes.settle(model, spool, Map.of(delivery, List.of(last)), List.of());
        }
        if (random.nextInt(4) > 0) {
            String key = "r-" + delivery.key() + delivery.number();
            boolean report = random.nextInt(5) == 0 && key.length() < 14;
            SpoolCrashes.settle(
                    model, spool, Map.of(delivery, List.of()), report ? List.of(key) : List.of());
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

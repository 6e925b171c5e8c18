package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.posthouse.sim.SimBody;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A history of a spool that is run again and again, and the machine dies in it, each time at
 * another change of the disk, and leaves something else of what was not forced. What is there
 * afterwards is what the model allows, and a new process can go on with it.
 *
 * @param settings how small it is
 * @param history what is done
 */
record SpoolCrashes(SpoolSettings settings, History history) {
    private static final Path DIRECTORY = Path.of("/var/spool");

    /** So small that a short history fills, leaves and frees many segments. */
    static final SpoolSettings TINY =
            new SpoolSettings(16 << 10, 1 << 10, 4 << 10, 64 << 10, 4 << 10, 2, 1, 64 << 10)
                    .withCheckpointOctets(10 << 10);

    /** What a client does, who goes on whatever is refused. */
    interface History {
        void on(SpoolModel model, Spool spool) throws InterruptedException;
    }

    /** When the machine dies, in the change of the disk that it dies at. */
    enum Moment {
        /** Nothing of it has happened. */
        BEFORE,
        /** Half of a write, all of anything else. */
        WITHIN,
        /** As the seed says. */
        ANY
    }

    /** Where, how and with which seed. */
    record Crash(long seed, long change, Moment moment, SimLoss loss) {
        /** Varies what else varies. */
        int number() {
            return (int) (seed + change * 5 + moment.ordinal() * 3 + loss.ordinal());
        }

        void on(SimPlatform platform) {
            switch (moment) {
                case BEFORE -> platform.disk().crashBefore(change);
                case WITHIN -> platform.disk().crashWithin(change);
                case ANY -> platform.disk().crashAt(change);
            }
        }
    }

    SpoolLog open(SimPlatform platform) {
        return SpoolLog.open(platform, DIRECTORY, settings);
    }

    /** The history without any trouble. */
    SimPlatform clean(long seed) throws InterruptedException {
        SimPlatform platform = new SimPlatform(seed);
        SpoolModel model = new SpoolModel();
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        history.on(model, spool);
                        model.verifyExactly(spool);
                    }
                });
        platform.assertNothingOpen();
        return platform;
    }

    /** Dies at every change, in these ways, and after the last one; tells how often. */
    long everywhere(long seed, List<Moment> moments, List<SimLoss> losses)
            throws InterruptedException {
        long runs = 0;
        long changes = clean(seed).disk().changes();
        for (long change = 1; change <= changes + 1; change++) {
            for (Moment moment : moments) {
                for (SimLoss loss : losses) {
                    crash(new Crash(seed, change, moment, loss));
                    runs++;
                }
            }
        }
        return runs;
    }

    /** Dies there, mostly in the recovery, too, and comes up again. */
    void crash(Crash crash) throws InterruptedException {
        try {
            SpoolModel model = new SpoolModel();
            SimPlatform next = die(crash, model);
            if (crash.number() % 3 > 0) {
                SimLoss[] losses = SimLoss.values();
                next = dieAgain(next, crash.number() % 13, losses[crash.number() % losses.length]);
            }
            goOn(next, model);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(crash.toString(), e);
        }
    }

    /** Dies before every change, and then, by each of these rules, at every one of the recovery. */
    void everywhereAndInRecovery(long seed, SimLoss first, List<SimLoss> second)
            throws InterruptedException {
        long changes = clean(seed).disk().changes();
        for (long change = 1; change <= changes + 1; change++) {
            for (SimLoss loss : second) {
                everywhereInRecovery(new Crash(seed, change, Moment.BEFORE, first), loss);
            }
        }
    }

    private void everywhereInRecovery(Crash crash, SimLoss loss) throws InterruptedException {
        boolean died = true;
        for (long change = 1; died; change++) {
            try {
                SpoolModel model = new SpoolModel();
                SimPlatform next = die(crash, model);
                next.disk().crashBefore(change);
                died = dies(next, () -> open(next).close());
                goOn(next.restart(loss), model);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(crash + ", then " + change + " by " + loss, e);
            }
        }
    }

    private SimPlatform die(Crash crash, SpoolModel model) throws InterruptedException {
        SimPlatform platform = new SimPlatform(crash.seed);
        crash.on(platform);
        dies(
                platform,
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        history.on(model, spool);
                    }
                });
        return platform.restart(crash.loss);
    }

    /** Dies in the recovery, or right after it. */
    SimPlatform dieAgain(SimPlatform platform, long changes, SimLoss loss)
            throws InterruptedException {
        platform.disk().crashAt(1 + changes);
        dies(platform, () -> open(platform).close());
        return platform.restart(loss);
    }

    /** Whether the machine died in it. */
    private static boolean dies(SimPlatform platform, SimBody<InterruptedException> body)
            throws InterruptedException {
        try {
            platform.run(body);
            return false;
        } catch (SimCrash expected) {
            return true;
        }
    }

    /**
     * What a new process finds; goes on with it, and the power goes right after that; goes on again
     * and again, and closes in order. Returns the world in which it ended.
     */
    SimPlatform goOn(SimPlatform platform, SpoolModel model) throws InterruptedException {
        platform.run(() -> resume(platform, model));
        SimPlatform last = platform.restart(SimLoss.POWER_KEEPS_NOTHING);
        last.run(() -> churnOn(last, model));
        return last;
    }

    private void resume(SimPlatform platform, SpoolModel model) throws InterruptedException {
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
    }

    private void churnOn(SimPlatform platform, SpoolModel model) throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            try (SpoolLog spool = open(platform)) {
                assertThat(spool.admin().recovery().damagedFrames()).isZero();
                model.verifyExactly(spool);
                if (round < 2) {
                    churn(model, spool, "r" + round + "-" + platform.seed() + "-", 3500);
                }
            }
        }
    }

    /** Mail that comes and goes, so that whole generations come and go. */
    static void churn(SpoolModel model, Spool spool, String name, int octets)
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

    static SpoolModel.Delivery delivery(String key, int number) {
        return new SpoolModel.Delivery(key, number);
    }

    /** Settles what of these is still open; reports are made for some. */
    static void settle(
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
}

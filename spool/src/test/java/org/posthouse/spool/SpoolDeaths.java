package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.nio.file.Path;

/**
 * Work on a spool in whose middle the machine dies; what a new process finds is what the model
 * allows, and it goes on with other work, which is there after the power went, too.
 *
 * @param settings how small it is
 * @param before what the machine dies in
 * @param after what the new process does
 */
record SpoolDeaths(SpoolSettings settings, Work before, Work after) {
    private static final Path DIRECTORY = Path.of("/var/spool");

    /** What is done with a spool. */
    interface Work {
        void on(SimPlatform platform, SpoolModel model, Spool spool) throws InterruptedException;
    }

    /** Dies at a change of the disk. */
    void dieAt(long seed, long change, SimLoss loss) throws InterruptedException {
        try {
            die(seed, change, loss);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", change " + change + ", " + loss, e);
        }
    }

    private void die(long seed, long change, SimLoss loss) throws InterruptedException {
        SimPlatform platform = new SimPlatform(seed);
        SpoolModel model = new SpoolModel();
        platform.disk().crashAt(change);
        try {
            platform.run(
                    () -> {
                        try (SpoolLog spool = SpoolLog.open(platform, DIRECTORY, settings)) {
                            before.on(platform, model, spool);
                        }
                    });
        } catch (SimCrash expected) {
            // the point of it
        }
        SimPlatform next = platform.restart(loss);
        goOn(next, model, after);
        goOn(next.restart(SimLoss.POWER), model, (unused, known, spool) -> {});
    }

    private void goOn(SimPlatform platform, SpoolModel model, Work work)
            throws InterruptedException {
        platform.run(
                () -> {
                    try (SpoolLog spool = SpoolLog.open(platform, DIRECTORY, settings)) {
                        assertThat(spool.admin().recovery().damagedFrames()).isZero();
                        model.verifyRecovered(spool);
                        work.on(platform, model, spool);
                    }
                });
    }

    /** Nothing dies: a new process finds all, again and again. */
    void reopen(SimPlatform platform, SpoolModel model) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            platform.run(
                    () -> {
                        try (SpoolLog spool = SpoolLog.open(platform, DIRECTORY, settings)) {
                            assertThat(spool.admin().recovery().damagedFrames()).isZero();
                            model.verifyExactly(spool);
                        }
                    });
        }
    }
}

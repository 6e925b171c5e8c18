package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

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
    private static final DeliveryId FIRST = new DeliveryId(new SpoolId(1), 0);
    private static final int ACTIVE_AND_NEXT = 2;

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
        SimPlatform last = next.restart(SimLoss.POWER);
        goOn(last, model, (unused, known, spool) -> {});
        drain(last, model);
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

    /** What has been read at a start keeps no more of the log than what was written since. */
    private void drain(SimPlatform platform, SpoolModel model) throws InterruptedException {
        platform.run(
                () -> {
                    try (SpoolLog spool = SpoolLog.open(platform, DIRECTORY, settings)) {
                        model.take(spool);
                        for (QueuedDelivery open : spool.admin().list(FIRST, Integer.MAX_VALUE)) {
                            model.settleQueued(spool, open);
                        }
                        platform.time().sleep(Duration.ofMinutes(5));
                        model.verifyExactly(spool);
                        assertThat(segments(platform))
                                .as("segments that an empty queue keeps")
                                .isLessThanOrEqualTo(settings.spareSegments() + ACTIVE_AND_NEXT);
                    }
                });
    }

    /** Segments with their whole length: those that take room. */
    private long segments(SimPlatform platform) {
        try {
            return platform.disk().list(DIRECTORY).stream()
                    .filter(name -> name.startsWith("segment-"))
                    .map(name -> platform.disk().contents(DIRECTORY.resolve(name)))
                    .filter(file -> file.length == settings.segmentOctets())
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

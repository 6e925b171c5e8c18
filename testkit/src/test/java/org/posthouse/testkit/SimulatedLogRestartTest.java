package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolLog;
import org.posthouse.spool.SpoolSettings;
import org.posthouse.testkit.spool.CrashStory;
import org.posthouse.testkit.spool.SpoolRestartContract;

import java.nio.file.Path;
import java.util.function.Supplier;

/** The embedded log on the simulated disk, by every rule of what a crash leaves of it. */
@ExtendWith(QuietSpool.class)
@ParameterizedClass
@EnumSource(SimLoss.class)
class SimulatedLogRestartTest extends SpoolRestartContract {
    /** So small that a short story fills and leaves segments, and makes checkpoints. */
    private static final SpoolSettings TINY =
            new SpoolSettings(16 << 10, 1 << 10, 4 << 10, 64 << 10, 4 << 10, 2, 1, 64 << 10)
                    .withCheckpointOctets(10 << 10);

    private final SimLoss loss;
    private SimPlatform platform = new SimPlatform(1);
    private boolean crashed;

    SimulatedLogRestartTest(SimLoss loss) {
        this.loss = loss;
    }

    @Override
    protected Spool open() {
        return SpoolLog.open(platform, Path.of("/spool"), TINY);
    }

    @Override
    protected void run(Part part) throws InterruptedException {
        crashed = false;
        try {
            platform.run(part::run);
        } catch (SimCrash e) {
            assertThat(crashed).isTrue();
        }
        if (crashed) {
            platform = platform.restart(loss);
        }
    }

    /** From now on the disk changes no more. */
    @Override
    protected void crash(Spool spool) {
        crashed = true;
        platform.disk().crashBefore(1);
    }

    @Override
    protected void atEveryCrash(Supplier<? extends CrashStory> stories)
            throws InterruptedException {
        long change = 1;
        while (dies(stories.get(), change, false) && dies(stories.get(), change, true)) {
            change++;
        }
        assertThat(change).isGreaterThan(20);
    }

    /** Whether there was such a change to die at. */
    private boolean dies(CrashStory story, long change, boolean within)
            throws InterruptedException {
        platform = new SimPlatform(1);
        if (within) {
            platform.disk().crashWithin(change);
        } else {
            platform.disk().crashBefore(change);
        }
        boolean died = false;
        try {
            platform.run(() -> story.live(open()));
        } catch (SimCrash expected) {
            died = true;
        }
        platform = platform.restart(loss);
        try {
            run(
                    () -> {
                        try (Spool spool = open()) {
                            story.verify(spool);
                        }
                    });
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("died at change " + change + ", within: " + within, e);
        }
        return died;
    }
}

package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.time.Duration;
import java.util.List;

/**
 * Every operation of the disk fails, once or from then on; then the process or the machine dies:
 * what was acknowledged is there, and what was settled stays settled.
 */
@ExtendWith(QuietSpool.class)
class SpoolFaultTest {
    private static final SpoolCrashes DAY =
            new SpoolCrashes(SpoolCrashes.TINY, SpoolCrashTest::day);

    private static void fault(
            SimDiskOperation operation, long nth, boolean forGood, SimDiskFailure failure)
            throws InterruptedException {
        SimPlatform platform = new SimPlatform(nth);
        SpoolModel model = new SpoolModel();
        boolean ended =
                platform.call(
                        () -> {
                            try (SpoolLog spool = DAY.open(platform)) {
                                if (forGood) {
                                    platform.disk().failAll(operation, failure);
                                } else {
                                    platform.disk().fail(operation, nth, failure);
                                }
                                SpoolCrashTest.day(model, spool);
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
        next = DAY.goOn(next, model);
        DAY.goOn(next.restart(SimLoss.POWER), model);
    }

    /** The power goes at once, or after a new process has read what was in memory only. */
    private static SimPlatform afterwards(SimPlatform platform, long nth) {
        if (nth % 3 == 0) {
            return platform.restart(SimLoss.POWER);
        }
        SimPlatform next = platform.restart(SimLoss.PROCESS);
        next.run(() -> DAY.open(next).close());
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
            long operations = DAY.clean(1).disk().count(operation);
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
                    try (SpoolLog spool = DAY.open(platform)) {
                        for (int i = 0; i < 300; i++) {
                            platform.disk()
                                    .fail(operation, nth + i, SimDiskFailure.INPUT_OUTPUT_ERROR);
                        }
                        SpoolCrashTest.day(model, spool);
                        model.verifyExactly(spool);
                    }
                });
        SimPlatform next = platform.restart(SimLoss.PROCESS);
        next = DAY.goOn(next, model);
        DAY.goOn(next.restart(SimLoss.POWER), model);
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
                            try (SpoolLog spool = DAY.open(platform)) {
                                platform.disk()
                                        .fail(
                                                SimDiskOperation.FORCE,
                                                failing,
                                                SimDiskFailure.INPUT_OUTPUT_ERROR);
                                SpoolCrashes.churn(model, spool, "m", octets);
                            }
                        });
                SimPlatform next = platform.restart(SimLoss.PROCESS);
                next.run(() -> DAY.open(next).close());
                SimPlatform last = next.restart(SimLoss.POWER);
                last.run(
                        () -> {
                            try (SpoolLog spool = DAY.open(last)) {
                                model.verifyRecovered(spool);
                            }
                        });
            }
        }
    }
}

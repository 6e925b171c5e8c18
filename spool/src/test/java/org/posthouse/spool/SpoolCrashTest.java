package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.spool.SpoolCrashes.delivery;
import static org.posthouse.spool.SpoolCrashes.settle;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.core.ContentSink;
import org.posthouse.sim.SimLoss;
import org.posthouse.spool.SpoolCrashes.Moment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The machine dies before and in every change of the disk, and each rule of the simulated disk says
 * what is left: what was acknowledged is there, byte for byte, what was settled stays settled, and
 * nothing is there in part.
 */
@ExtendWith(QuietSpool.class)
class SpoolCrashTest {
    private static final List<Moment> MOMENTS = List.of(Moment.BEFORE, Moment.WITHIN);
    private static final List<SimLoss> LOSSES = List.of(SimLoss.values());
    private static final SpoolCrashes DAY =
            new SpoolCrashes(SpoolCrashes.TINY, SpoolCrashTest::day);
    private static final SpoolCrashes MORNING =
            new SpoolCrashes(SpoolCrashes.TINY, SpoolCrashTest::morning);

    /** A client's day: many segments come and go. */
    static void day(SpoolModel model, Spool spool) throws InterruptedException {
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

    /** One of each: small and large content, done, deferred, and with a report. */
    static void morning(SpoolModel model, Spool spool) throws InterruptedException {
        model.accept(spool, "a", 300);
        model.accept(spool, "b", 2500);
        model.take(spool);
        settle(model, spool, Map.of(delivery("a", 0), List.of(1)), List.of());
        settle(model, spool, Map.of(delivery("b", 0), List.of()), List.of("r"));
    }

    @ParameterizedTest
    @EnumSource(SimLoss.class)
    void everyChangeAndEveryRule(SimLoss loss) throws InterruptedException {
        assertThat(DAY.everywhere(1, MOMENTS, List.of(loss))).isGreaterThan(200);
    }

    @Test
    void everyChangeInOtherOrders() throws InterruptedException {
        for (long seed = 2; seed <= 4; seed++) {
            DAY.everywhere(seed, List.of(Moment.ANY), List.of(SimLoss.PROCESS, SimLoss.POWER));
        }
    }

    /** The recovery dies, too, everywhere, by the same rule. */
    @ParameterizedTest
    @EnumSource(
            value = SimLoss.class,
            names = {"POWER_KEEPS_NOTHING", "POWER_KEEPS_LENGTHS", "POWER_KEEPS_TAILS"})
    void everyChangeOfTheRecovery(SimLoss loss) throws InterruptedException {
        MORNING.everywhereAndInRecovery(1, loss, List.of(loss));
    }

    /** Recovery reads what is in memory only, and then it dies, too, everywhere. */
    @ParameterizedTest
    @EnumSource(
            value = SimLoss.class,
            names = {"PROCESS", "POWER_KEEPS_NOTHING", "POWER_KEEPS_NAMES", "POWER_KEEPS_NEWEST"})
    void everyChangeOfTheRecoveryOfAKilledProcess(SimLoss loss) throws InterruptedException {
        MORNING.everywhereAndInRecovery(1, SimLoss.PROCESS, List.of(loss));
    }

    @Test
    @Tag("campaign")
    @Timeout(7200)
    void everyChangeAndEveryRuleOften() throws InterruptedException {
        for (long seed = 1000; seed < 1500; seed++) {
            DAY.everywhere(seed, MOMENTS, LOSSES);
        }
    }

    @ParameterizedTest
    @EnumSource(SimLoss.class)
    @Tag("campaign")
    @Timeout(7200)
    void everyChangeOfTheRecoveryAndEveryTwoRules(SimLoss loss) throws InterruptedException {
        MORNING.everywhereAndInRecovery(2, loss, LOSSES);
        DAY.everywhereAndInRecovery(1, loss, LOSSES);
    }
}

package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Entropy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class SiteCircuitTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = 24 * HOUR;

    private final RetrySchedule schedule =
            new RetrySchedule(RelaySettings.Retry.DEFAULT, new NoSpread());
    private final ProbeBudget budget = new ProbeBudget(ProbeBudget.PER_SECOND);
    private final List<String> told = new ArrayList<>();
    private final SiteCircuit circuit =
            new SiteCircuit((before, after) -> told.add(before + " " + after));

    private void failed(long now, int connections) {
        circuit.failed(now, connections, schedule);
    }

    @Test
    void oneOfOneOrTwoIsSuspectedAndTheSecondInARowOpensIt() {
        failed(1000, 1);
        assertThat(circuit.isOpen()).isTrue();
        assertThat(circuit.probes()).isZero();
        assertThat(circuit.untilMillis()).isEqualTo(2000);
        circuit.tick(1999, budget);
        assertThat(circuit.isOpen()).isTrue();
        circuit.tick(2000, budget);
        assertThat(circuit.isOpen()).isFalse();
        assertThat(circuit.isClosed()).isFalse();
        failed(2000, 2);
        assertThat(circuit.probes()).isEqualTo(1);
        assertThat(circuit.untilMillis()).isEqualTo(32_000);
        assertThat(circuit.downSinceMillis()).isEqualTo(1000);
    }

    @Test
    void ofManyConnectionsAsManyHaveToFail() {
        for (int i = 0; i < 19; i++) {
            failed(1000 + i, 20);
            assertThat(circuit.isClosed()).isTrue();
        }
        failed(1020, 20);
        assertThat(circuit.probes()).isEqualTo(1);
        assertThat(circuit.untilMillis()).isEqualTo(31_020);
        failed(1021, 1);
        assertThat(circuit.probes()).as("under way when it opened").isEqualTo(1);
    }

    @Test
    void successTakesTheWeightAway() {
        for (int i = 0; i < 19; i++) {
            failed(1000, 20);
        }
        circuit.succeeded(1001);
        failed(60_000, 20);
        assertThat(circuit.isClosed()).isTrue();
    }

    @Test
    void whatWorkedWithinHalfAMinuteIsLeftAloneForSecondsOnly() {
        circuit.succeeded(0);
        long now = 1;
        for (long pause : new long[] {1000, 2000, 4000, 8000, 16_000}) {
            failed(now, 1);
            assertThat(circuit.probes()).isZero();
            assertThat(circuit.untilMillis()).isEqualTo(now + pause);
            now += pause;
            circuit.tick(now, budget);
        }
        failed(now, 1);
        assertThat(circuit.probes()).isEqualTo(1);
    }

    @Test
    void probesGetRarerAndAfterADayRarerStill() {
        circuit.succeeded(-DAY);
        failed(0, 1);
        long now = 1000;
        while (now < 3 * DAY) {
            circuit.tick(now, budget);
            failed(now, 1);
            long pause = circuit.untilMillis() - now;
            if (now > HOUR && now < DAY) {
                assertThat(pause).isEqualTo(Duration.ofMinutes(5).toMillis());
            } else if (now > 2 * DAY) {
                assertThat(pause).isEqualTo(Duration.ofMinutes(30).toMillis());
            }
            now = circuit.untilMillis();
        }
        circuit.succeeded(now);
        assertThat(circuit.isClosed()).isTrue();
        assertThat(circuit.probes()).isZero();
    }

    @Test
    void anOperatorNeedNotWait() {
        failed(1000, 1);
        failed(2000, 1);
        circuit.probeNow();
        assertThat(circuit.isOpen()).isFalse();
        failed(2500, 1);
        assertThat(circuit.probes()).isEqualTo(2);
        assertThat(circuit.untilMillis()).isEqualTo(62_500);
    }

    @Test
    void whatWasKnownBeforeARestartHolds() {
        circuit.restore(4, 0, 5000);
        circuit.tick(4999, budget);
        assertThat(circuit.isOpen()).isTrue();
        circuit.tick(5000, budget);
        failed(5000, 1);
        assertThat(circuit.probes()).isEqualTo(5);
        assertThat(circuit.untilMillis()).isEqualTo(305_000);
    }

    @Test
    void fiftyProbesASecondForAllSites() {
        int gone = 0;
        for (long now = 10_000; now < 20_000; now++) {
            for (int site = 0; site < 3; site++) {
                long at = budget.take(now);
                assertThat(at).isBetween(now, now + 20);
                gone += at == now ? 1 : 0;
            }
        }
        assertThat(gone).isBetween(549, 551);
    }

    @Test
    void aProbeWithoutRoomWaitsForIt() {
        for (int i = 0; i < ProbeBudget.PER_SECOND; i++) {
            assertThat(budget.take(1000)).isEqualTo(1000);
        }
        circuit.restore(1, 0, 1000);
        circuit.tick(1000, budget);
        assertThat(circuit.isOpen()).isTrue();
        assertThat(circuit.untilMillis()).isEqualTo(1020);
        circuit.tick(1020, budget);
        assertThat(circuit.isOpen()).isFalse();
    }

    /** Leaves every delay as it is. */
    private static final class NoSpread implements Entropy {
        @Override
        public void fill(byte[] octets) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int below(int bound) {
            return 0;
        }

        @Override
        public double fraction() {
            return 0.5;
        }
    }

    @Test
    void whatIsClearedIsClosedAndForgotten() {
        failed(1000, 1);
        failed(2000, 1);
        failed(90_000, 1);
        circuit.clear();
        assertThat(circuit.isClosed()).isTrue();
        assertThat(circuit.probes()).isZero();
        failed(100_000, 1);
        assertThat(circuit.untilMillis()).as("suspected, as a new one").isEqualTo(101_000);
    }

    @Test
    void eachChangeIsToldOnce() {
        failed(1000, 1);
        circuit.tick(2000, budget);
        circuit.tick(2000, budget);
        failed(2000, 1);
        failed(2001, 1);
        circuit.probeNow();
        circuit.succeeded(3000);
        circuit.succeeded(3001);
        circuit.clear();
        assertThat(told)
                .containsExactly(
                        "CLOSED SUSPECTED",
                        "SUSPECTED HALF_OPEN",
                        "HALF_OPEN OPEN",
                        "OPEN HALF_OPEN",
                        "HALF_OPEN CLOSED");
    }

    @Test
    void whatWasKnownAtTheStartIsNoNews() {
        circuit.restore(3, 1000, 5000);
        assertThat(told).isEmpty();
        circuit.tick(5000, budget);
        assertThat(told).containsExactly("OPEN HALF_OPEN");
    }
}

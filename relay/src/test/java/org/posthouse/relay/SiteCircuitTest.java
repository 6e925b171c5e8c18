package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Entropy;

class SiteCircuitTest {
    private final RetrySchedule schedule =
            new RetrySchedule(RelaySettings.Retry.DEFAULT, new NoSpread());
    private final SiteCircuit circuit = new SiteCircuit();

    @Test
    void connectionsThatFailTogetherAreOneFailure() {
        for (int connection = 0; connection < 20; connection++) {
            circuit.failed(1000 + connection, schedule);
        }
        assertThat(circuit.failures()).isEqualTo(1);
        assertThat(circuit.untilMillis()).isEqualTo(31_000);
    }

    @Test
    void aProbeThatFailsOpensItForLonger() {
        circuit.failed(1000, schedule);
        circuit.tick(31_000);
        assertThat(circuit.isOpen()).isFalse();
        circuit.failed(31_000, schedule);
        circuit.failed(31_001, schedule);
        assertThat(circuit.failures()).isEqualTo(2);
        assertThat(circuit.untilMillis()).isEqualTo(91_000);
    }

    @Test
    void aFailureAfterTheTimeCountsAlthoughNothingLooked() {
        circuit.failed(1000, schedule);
        circuit.failed(31_000, schedule);
        assertThat(circuit.failures()).isEqualTo(2);
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
}

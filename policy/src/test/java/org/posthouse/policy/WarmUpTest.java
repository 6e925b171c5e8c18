package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;

class WarmUpTest {
    private static final Instant SINCE = Instant.parse("2026-03-01T00:00:00Z");

    /** What a day has in all. */
    private static double perDay(WarmUp warmUp, Duration age) {
        return warmUp.perMinute(SINCE.plus(age)) * Duration.ofDays(1).toMinutes();
    }

    @ParameterizedTest
    @CsvSource({
        "50, P1D, -P9D, 50",
        "50, P1D, PT0S, 50",
        "50, P1D, PT23H59M59S, 50",
        "50, P1D, P1D, 100",
        "50, P1D, P2DT5H, 200",
        "50, P1D, P10D, 51200",
        "50, P1D, P20D, 52428800",
        "50, P1D, P21D, Infinity",
        "50, P1D, P40000D, Infinity",
        "20, P2D, P1D, 28.28",
        "20, P2D, P2D, 40",
        "20, PT12H, P1D, 80",
        "1, P100D, P200D, 4",
        "1000000, P100D, PT0S, 1000000"
    })
    void sendsMoreEachDayUntilNothingBoundsIt(
            int firstDay, Duration doubling, Duration age, double perDay) {
        var warmUp = new WarmUp(SINCE, firstDay, doubling);
        if (Double.isInfinite(perDay)) {
            assertThat(perDay(warmUp, age)).isInfinite();
        } else {
            assertThat(perDay(warmUp, age)).isCloseTo(perDay, within(0.01));
        }
    }

    @Test
    void neverBecomesLess() {
        var warmUp = new WarmUp(SINCE, 7, Duration.ofHours(31));
        double before = 0;
        for (int hour = -50; hour < 24 * 60; hour++) {
            double now = perDay(warmUp, Duration.ofHours(hour));
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
        assertThat(before).isInfinite();
    }

    @Test
    void whoIsKnownHasNoBound() {
        assertThat(WarmUp.NONE.perMinute(Instant.EPOCH)).isInfinite();
        assertThat(WarmUp.NONE.perMinute(SINCE)).isInfinite();
    }

    @ParameterizedTest
    @CsvSource({"0, P1D", "1000001, P1D", "50, PT59M", "50, P101D"})
    void otherNumbersAreRefused(int firstDay, Duration doubling) {
        assertThatThrownBy(() -> new WarmUp(SINCE, firstDay, doubling))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

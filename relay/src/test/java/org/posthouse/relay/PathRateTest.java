package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class PathRateTest {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long T = 1_000_000_000;

    private final PathRate rate = new PathRate();

    /** How many go from an instant until another, as soon as each may. */
    private long goes(long from, long until) {
        long count = 0;
        long now = rate.nextMillis(from);
        while (now < until) {
            rate.take(now);
            count++;
            now = rate.nextMillis(now);
        }
        return count;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "60, 1", "61, 1", "600, 10", "60000, 1000", "1000000, 16666"})
    void aBucketKeepsTheRateAndLetsABurstOfASecondGo(int perMinute, long burst) {
        rate.ceiling(perMinute, T);
        assertThat(goes(T, T + 1)).isBetween(burst, burst + perMinute / MINUTE + 1);
        assertThat(goes(T + 1, T + 10 * MINUTE))
                .isBetween(10L * perMinute - burst - 2, 10L * perMinute + 2);
    }

    @Test
    void lessThanOneAMinuteIsSpreadOverHours() {
        rate.ceiling(48 / 1440.0, T);
        assertThat(goes(T, T + 24 * 60 * MINUTE)).isBetween(48L, 49L);
        assertThat(rate.learned(T)).isEqualTo("2.0/hour");
    }

    @Test
    void aPauseIsNotMadeUpForByMoreThanABurst() {
        rate.ceiling(600, T);
        long unused = goes(T, T + MINUTE);
        assertThat(goes(T + 60 * MINUTE, T + 60 * MINUTE + 1)).isEqualTo(10);
    }

    @Test
    void withoutABoundEverythingGoesAtOnce() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(rate.nextMillis(T)).isEqualTo(T);
            rate.take(T);
        }
        assertThat(rate.isBounded()).isFalse();
        assertThat(rate.minutesWorth()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aComplaintHalvesWhatWasDeliveredInTheMinuteBefore() {
        rate.delivered(500, T - 2 * MINUTE);
        rate.delivered(60, T - 30 * SECOND);
        rate.delivered(40, T);
        PathRate.Change change = rate.complained(T);
        assertThat(change).isNotNull();
        assertThat(change.before()).isEqualTo("no bound");
        assertThat(change.after()).isEqualTo("50.0/minute");
        assertThat(change.untilMillis()).isEqualTo(T + 10 * MINUTE);
        assertThat(rate.nextMillis(T)).as("a pause").isEqualTo(T + 10 * SECOND);
        assertThat(rate.complained(T + 9 * SECOND)).as("of what was on its way").isNull();
        assertThat(goes(T, T + 10 * MINUTE)).isBetween(490L, 493L);
    }

    @Test
    void theFloorIsOneAMinute() {
        assertThat(rate.complained(T)).extracting("after").isEqualTo("1.0/minute");
        assertThat(goes(T, T + 10 * MINUTE)).isEqualTo(10);
    }

    @Test
    void aSecondComplaintNeverMakesItFaster() {
        rate.ceiling(20, T);
        rate.delivered(1000, T);
        assertThat(rate.complained(T)).extracting("after").isEqualTo("20.0/minute");
        assertThat(rate.complained(T + MINUTE)).extracting("after").isEqualTo("1.0/minute");
    }

    @Test
    void behindTenMinutesItGrowsByATenthAMinuteUpToTheRoutes() {
        rate.ceiling(100, T);
        rate.delivered(100, T);
        assertThat(rate.complained(T)).extracting("after").isEqualTo("50.0/minute");
        assertThat(rate.grow(T + 10 * MINUTE - 1)).isNull();
        assertThat(rate.grow(T + 10 * MINUTE)).extracting("after").isEqualTo("55.0/minute");
        assertThat(rate.grow(T + 11 * MINUTE - 1)).isNull();
        assertThat(rate.grow(T + 12 * MINUTE)).extracting("after").isEqualTo("66.6/minute");
        assertThat(rate.grow(T + 60 * MINUTE)).extracting("after").isEqualTo("100.0/minute");
        assertThat(rate.grow(T + 90 * MINUTE)).isNull();
    }

    @Test
    void withoutABoundOfTheRouteItEndsByItself() {
        rate.delivered(20_000, T);
        assertThat(rate.complained(T)).isNotNull();
        assertThat(rate.grow(T + 5 * 60 * MINUTE)).extracting("after").isEqualTo("no bound");
        assertThat(rate.isBounded()).isFalse();
        assertThat(rate.nextMillis(T + 5 * 60 * MINUTE)).isEqualTo(T + 5 * 60 * MINUTE);
    }

    @Test
    void theThirdComplaintInHalfAnHourSuspendsForLongerEachTime() {
        long now = T;
        for (long minutes : new long[] {30, 60, 120, 240, 480, 480}) {
            assertThat(rate.complained(now)).isNotNull();
            assertThat(rate.complained(now + MINUTE)).isNotNull();
            assertThat(rate.isSuspended(now + 2 * MINUTE)).isFalse();
            now += 2 * MINUTE;
            assertThat(rate.complained(now))
                    .extracting("untilMillis")
                    .isEqualTo(now + minutes * MINUTE);
            assertThat(rate.isSuspended(now)).isTrue();
            assertThat(rate.complained(now + MINUTE)).isNull();
            now += minutes * MINUTE;
            assertThat(rate.isSuspended(now)).isFalse();
        }
        now += Duration.ofDays(2).toMillis();
        assertThat(rate.complained(now)).isNotNull();
        assertThat(rate.complained(now + MINUTE)).isNotNull();
        assertThat(rate.complained(now + 2 * MINUTE))
                .extracting("untilMillis")
                .isEqualTo(now + 32 * MINUTE);
    }

    @Test
    void threeOverALongerTimeDoNot() {
        for (int i = 0; i < 10; i++) {
            assertThat(rate.complained(T + i * 15 * MINUTE)).isNotNull();
            assertThat(rate.isSuspended(T + i * 15 * MINUTE)).isFalse();
        }
    }

    @Test
    void anOperatorEndsASuspension() {
        assertThat(rate.resume(T)).isNull();
        for (int i = 0; i < 3; i++) {
            assertThat(rate.complained(T + i * MINUTE)).isNotNull();
        }
        assertThat(rate.resume(T + 3 * MINUTE)).isNotNull();
        assertThat(rate.nextMillis(T + 3 * MINUTE)).isEqualTo(T + 3 * MINUTE);
    }

    @Test
    void whatIsClearedIsForgotten() {
        assertThat(rate.clear(T)).isNull();
        for (int i = 0; i < 3; i++) {
            assertThat(rate.complained(T + i * MINUTE)).isNotNull();
        }
        assertThat(rate.clear(T + 3 * MINUTE))
                .isEqualTo(
                        new PathRate.Change(
                                "an operator cleared it",
                                "suspended, then 1.0/minute",
                                "no bound",
                                T + 3 * MINUTE));
        assertThat(rate.nextMillis(T + 3 * MINUTE)).isEqualTo(T + 3 * MINUTE);
        assertThat(rate.isForgettable(T + 3 * MINUTE)).isTrue();
        assertThat(rate.complained(T + 3 * MINUTE)).as("a first complaint").isNotNull();
        assertThat(rate.isSuspended(T + 3 * MINUTE)).isFalse();
        rate.ceiling(30, T + 3 * MINUTE);
        assertThat(rate.clear(T + 3 * MINUTE)).extracting("after").isEqualTo("30.0/minute");
    }
}

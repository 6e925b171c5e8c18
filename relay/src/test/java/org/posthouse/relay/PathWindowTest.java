package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class PathWindowTest {
    private static final int MOST = 20;

    private final PathWindow window = new PathWindow();

    @Test
    void itGrowsQuicklyAndThenOneAWindow() {
        assertThat(window.connections()).isEqualTo(2);
        window.delivered(1, MOST, 0);
        assertThat(window.connections()).isEqualTo(2);
        window.delivered(1, MOST, 0);
        assertThat(window.connections()).isEqualTo(3);
        window.delivered(2, MOST, 0);
        assertThat(window.connections()).isEqualTo(4);
        window.delivered(3, MOST, 0);
        assertThat(window.connections()).isEqualTo(4);
        window.delivered(2, MOST, 0);
        assertThat(window.connections()).isEqualTo(5);
        window.delivered(10_000, MOST, 0);
        assertThat(window.connections()).isEqualTo(MOST);
        window.delivered(1, 7, 0);
        assertThat(window.connections()).as("fewer are allowed now").isEqualTo(7);
    }

    @Test
    void whatTheHostTakesIsKeptForAWhileAndThenExceededCarefully() {
        window.delivered(1000, MOST, 0);
        window.limited(5, 1000);
        window.delivered(1000, MOST, 60_999);
        assertThat(window.connections()).isEqualTo(5);
        window.delivered(499, MOST, 61_000);
        assertThat(window.connections()).isEqualTo(5);
        window.delivered(200, MOST, 61_000);
        assertThat(window.connections()).isEqualTo(6);
    }

    @Test
    void refusalsThatComeTogetherAreOneAndRepeatedOnesHoldForLonger() {
        window.delivered(1000, MOST, 0);
        window.limited(5, 0);
        window.limited(5, 1);
        window.delivered(10_000, MOST, 60_000);
        assertThat(window.connections()).isGreaterThan(5);
        long now = 60_000;
        for (long hold : new long[] {120, 240, 480, 900, 900}) {
            window.limited(5, now);
            long end = now + Duration.ofSeconds(hold).toMillis();
            window.delivered(10_000, MOST, end - 1);
            assertThat(window.connections()).isEqualTo(5);
            window.delivered(10_000, MOST, end);
            assertThat(window.connections()).isGreaterThan(5);
            now = end;
        }
        now += Duration.ofHours(2).toMillis();
        window.limited(5, now);
        window.delivered(10_000, MOST, now + 60_000);
        assertThat(window.connections()).isGreaterThan(5);
    }

    @Test
    void whereAHostRefusedIsForgottenAfterADay() {
        window.limited(3, 0);
        window.delivered(100, MOST, Duration.ofHours(24).toMillis() - 1);
        assertThat(window.connections()).isEqualTo(3);
        window.delivered(100, MOST, Duration.ofHours(24).toMillis());
        assertThat(window.connections()).isGreaterThan(10);
    }

    @Test
    void afterAnOutageItBeginsWithOne() {
        window.delivered(1000, MOST, 0);
        window.restart();
        assertThat(window.connections()).isEqualTo(1);
        window.delivered(6, MOST, 0);
        assertThat(window.connections()).isEqualTo(4);
        window.limited(0, 0);
        assertThat(window.connections()).isEqualTo(1);
    }

    private void take(int count, long millis, long now) {
        for (int i = 0; i < count; i++) {
            window.took(millis, now);
        }
    }

    @Test
    void itStopsGrowingWhereTransactionsTakeTwiceAsLong() {
        take(15, 100, 0);
        assertThat(window.delivered(6, MOST, 0)).isNull();
        assertThat(window.connections()).isEqualTo(4);
        take(8, 199, 1000);
        assertThat(window.delivered(6, MOST, 1000)).isNull();
        assertThat(window.connections()).isEqualTo(5);
        take(8, 201, 2000);
        PathRate.Change change = window.delivered(100, MOST, 2000);
        assertThat(change).isNotNull();
        assertThat(change.cause()).isEqualTo("transactions take twice as long as with fewer");
        assertThat(change.after()).isEqualTo("5 connections");
        assertThat(change.untilMillis()).isEqualTo(62_000);
        assertThat(window.delivered(100, MOST, 61_999)).isNull();
        assertThat(window.connections()).isEqualTo(5);
        take(15, 110, 62_000);
        assertThat(window.delivered(100, MOST, 62_000)).isNull();
        assertThat(window.connections()).isGreaterThan(10);
    }

    @Test
    void whatIsSlowForTenMinutesIsHowItIs() {
        take(15, 100, 0);
        take(15, 500, 1000);
        assertThat(window.delivered(6, MOST, 1000)).isNull();
        window.delivered(6, MOST, 1000);
        int held = window.connections();
        take(1, 500, Duration.ofMinutes(10).toMillis());
        window.delivered(100, MOST, Duration.ofMinutes(10).toMillis());
        assertThat(window.connections()).isGreaterThan(held);
    }

    @Test
    void aHostThatTakesNoMoreIsTold() {
        window.delivered(1000, MOST, 0);
        PathRate.Change change = window.limited(5, 1000);
        assertThat(change).isEqualTo(change("20 connections", "5 connections", 61_000));
        assertThat(window.limited(5, 1001)).isNull();
    }

    private static PathRate.Change change(String before, String after, long until) {
        return new PathRate.Change("the host takes no more", before, after, until);
    }

    @Test
    void whatIsClearedBeginsAnew() {
        assertThat(window.clear(0)).isNull();
        window.delivered(1000, MOST, 0);
        assertThat(window.limited(5, 1000)).isNotNull();
        assertThat(window.clear(2000))
                .isEqualTo(
                        new PathRate.Change(
                                "an operator cleared it", "5 connections", "2 connections", 2000));
        assertThat(window.isLimited(2000)).isFalse();
        assertThat(window.delivered(1000, MOST, 2000)).isNull();
        assertThat(window.connections()).isEqualTo(MOST);
        assertThat(window.limited(5, 3000)).extracting("untilMillis").isEqualTo(63_000L);
    }
}

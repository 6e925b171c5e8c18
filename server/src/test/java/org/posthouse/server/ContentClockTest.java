package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Deadline;

import java.time.Duration;
import java.util.Map;

class ContentClockTest {
    private boolean isHurried;
    private final Stage stage = new Stage(Map.of());

    private ContentClock clock() {
        Deadline whole = stage.sim.time().after(Duration.ofMinutes(10));
        Deadline hurried = stage.sim.time().after(Duration.ofMinutes(1));
        return new ContentClock(whole, hurried, () -> isHurried, 1024);
    }

    @Test
    void aMessageHasItsTimeAndThatOfItsOctetsAtTheMinimumRate() {
        long start = stage.sim.time().nanos();
        var clock = clock();
        assertThat(clock.deadline().nanos() - start).isEqualTo(Duration.ofMinutes(10).toNanos());
        clock.add(1024 * 60);
        assertThat(clock.deadline().nanos() - start).isEqualTo(Duration.ofMinutes(11).toNanos());
        clock.add(512);
        assertThat(clock.deadline().nanos() - start)
                .isEqualTo(Duration.ofMinutes(11).plusMillis(500).toNanos());
    }

    @Test
    void hugeSizesDoNotOverflow() {
        var clock = clock();
        clock.add(1L << 40);
        assertThat(clock.deadline().nanos())
                .isGreaterThan(stage.sim.time().nanos() + Duration.ofDays(1).toNanos());
    }

    @Test
    void thereIsLessTimeAsSoonAsThereIsNoneToLose() {
        long start = stage.sim.time().nanos();
        var clock = clock();
        isHurried = true;
        assertThat(clock.deadline().nanos() - start).isEqualTo(Duration.ofMinutes(1).toNanos());
        isHurried = false;
        assertThat(clock.deadline().nanos() - start).isEqualTo(Duration.ofMinutes(10).toNanos());
    }
}

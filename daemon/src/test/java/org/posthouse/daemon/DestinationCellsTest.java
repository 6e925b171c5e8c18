package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.QueueShape;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What waits for a destination. */
class DestinationCellsTest {
    @Test
    void itDrainsAsFastAsItLeftInTheLastMinutes() {
        var cells = new DestinationCells();
        var row =
                new QueueShape.Row(
                        "far.example",
                        List.of(700L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L),
                        100,
                        3,
                        Optional.empty());
        assertThat(cells.drainSeconds(10)).isEmpty();
        cells.add(row, new Recent.Outcomes(0, 50));
        assertThat(cells.drainSeconds(10)).as("none has left").isEmpty();
        cells.add(row, new Recent.Outcomes(300, 300));
        assertThat(cells.drainSeconds(10)).as("1200 at 30 a minute").hasValue(2400);
        assertThat(cells.oldestSeconds(Instant.EPOCH)).isZero();
    }
}

package org.posthouse.daemon;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

import org.posthouse.QueueShape;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** What waits for a destination, summed up over its domains. */
final class DestinationCells {
    private static final String OLDER = "older";

    private final long[] ages = new long[QueueShape.AGES.size() + 1];
    private long due;
    private long held;
    private long total;
    private long delivered;
    private Instant oldestAt = Instant.MAX;

    void add(QueueShape.Row row, Recent.Outcomes outcomes) {
        for (int i = 0; i < ages.length; i++) {
            ages[i] += row.ages().get(i);
        }
        due += row.due();
        held += row.held();
        total += row.total();
        delivered += outcomes.delivered();
        Instant at = row.oldestAt().orElse(Instant.MAX);
        oldestAt = at.isBefore(oldestAt) ? at : oldestAt;
    }

    void states(Tags tags, List<MultiGauge.Row<?>> rows) {
        rows.add(MultiGauge.Row.of(tags.and("state", "ready"), due));
        rows.add(MultiGauge.Row.of(tags.and("state", "waiting"), total - due - held));
        rows.add(MultiGauge.Row.of(tags.and("state", "held"), held));
    }

    void ages(Tags tags, List<MultiGauge.Row<?>> rows) {
        for (int i = 0; i < ages.length; i++) {
            boolean isLast = i == QueueShape.AGES.size();
            String bucket = isLast ? OLDER : QueueShape.AGES.get(i).toMinutes() + "m";
            rows.add(MultiGauge.Row.of(tags.and("bucket", bucket), ages[i]));
        }
    }

    double oldestSeconds(Instant now) {
        return oldestAt.equals(Instant.MAX) ? 0 : Duration.between(oldestAt, now).toMillis() / 1e3;
    }

    /** As fast as it left in the last minutes; empty when none has. */
    OptionalLong drainSeconds(int minutes) {
        return delivered == 0
                ? OptionalLong.empty()
                : OptionalLong.of((total - held) * minutes * 60 / delivered);
    }
}

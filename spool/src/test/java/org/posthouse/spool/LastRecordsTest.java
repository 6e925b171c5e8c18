package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.spool.Samples.deferred;
import static org.posthouse.spool.Samples.done;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The last records of deliveries that are done have to be kept while the messages' accept records
 * are. A segment that has them and can't be freed is looked at again and again; each look made a
 * copy of each of them, and each copy was copied in turn.
 */
class LastRecordsTest extends InspectedSpool {
    private static final SpoolSettings TINY =
            new SpoolSettings(16 << 10, 1 << 10, 4 << 10, 64 << 10, 4 << 10, 3, 2, 64 << 10)
                    .withCheckpointOctets(60 << 10);

    /** What is left of these fills more than half of the first segment. */
    private static final int WAITING = 3;

    private static final int ENDED = 5;

    @Override
    @BeforeEach
    void open() {
        spool = SpoolLog.open(platform, DIRECTORY, TINY);
    }

    @Test
    void areCopiedOnceFromASegmentThatIsNotFreed() throws Exception {
        for (int i = 0; i < ENDED; i++) {
            accept(octets(i, 100), "a@x.example");
        }
        for (int i = 0; i < WAITING; i++) {
            accept(octets(i, 1020), "waits@x.example");
        }
        List<QueuedDelivery> first = take();
        List<SpoolId> damaged = new ArrayList<>();
        for (QueuedDelivery ends : first.subList(0, ENDED)) {
            fillSegment();
            damaged.add(accept(octets(damaged.size(), 900), "a@x.example"));
            assertThat(spool.settle(List.of(done(ends)))).isTrue();
        }
        fillSegment();
        spool.close();
        for (LogEntry.Frame frame : frames()) {
            if (frame.type() == LogEntry.CHUNK && damaged.contains(new SpoolId(frame.id()))) {
                flip(frame, 100);
            }
        }
        removeCheckpoints();
        open();
        assertThat(spool.admin().recovery().messagesSetAside()).isEqualTo(ENDED);
        for (int round = 0; round < 60; round++) {
            deferAllBut(damaged);
            for (int i = 0; i < 5; i++) {
                fillSegment();
            }
            platform.time().sleep(Duration.ofMinutes(5));
        }
        // where it was written, beside what was set aside, and its copy
        long records =
                frames().stream()
                        .flatMap(frame -> frame.records().stream())
                        .filter(LogRecord.Settled.class::isInstance)
                        .map(record -> ((LogRecord.Settled) record).delivery().message())
                        .filter(first.getFirst().id().message()::equals)
                        .count();
        assertThat(records).isEqualTo(2);
    }

    /** Mail that comes and goes at once. */
    private void fillSegment() throws InterruptedException {
        for (int i = 0; i < 12; i++) {
            SpoolId id = accept(octets(i, 900), "a@x.example");
            for (QueuedDelivery delivery : take()) {
                boolean isPassing = delivery.id().message().equals(id);
                if (isPassing) {
                    assertThat(spool.settle(List.of(done(delivery)))).isTrue();
                }
            }
        }
    }

    /** What waits is tried now and then. */
    private void deferAllBut(List<SpoolId> damaged) throws InterruptedException {
        for (QueuedDelivery delivery : take()) {
            if (!damaged.contains(delivery.id().message())) {
                assertThat(spool.settle(List.of(deferred(delivery, List.of(0), LATER)))).isTrue();
            }
        }
    }
}

package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.spool.Samples.deferred;
import static org.posthouse.spool.Samples.done;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.Test;
import org.posthouse.core.ContentSink;
import org.posthouse.core.SpoolId;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is told of a spool that another process works on. */
class LogInMotionTest extends InspectedSpool {
    private static final int SEGMENT_OCTETS = 4 << 20;
    private static final int MAILS_MAX = 150;

    private final List<QueuedDelivery> queued = new ArrayList<>();

    @Test
    void spoolInUseSaysByWhom() {
        assertThat(inspector().holder().orElse("")).startsWith("process ");
    }

    /** The spool goes on between any two reads: it rolls over, is settled, freed and used again. */
    @Test
    void spoolInMotionIsNoDamage() throws Exception {
        spool.close();
        spool =
                SpoolLog.open(
                        platform, DIRECTORY, SpoolLogTest.SMALL.withSegmentOctets(SEGMENT_OCTETS));
        for (int seed = 1; seed <= 30; seed++) {
            var busy = new Busy(seed);
            LogInspector inspector = LogInspector.open(busy, DIRECTORY);
            SpoolCheck check = inspector.check(ReadProgress.NONE);
            assertThat(check.damage()).as("seed %s", seed).isEmpty();
            assertThat(check.setAside()).as("seed %s", seed).isEmpty();
            List<LogEntry> entries = new ArrayList<>();
            LogInspector.open(busy, DIRECTORY).entries(ReadProgress.NONE, entries::add);
            assertThat(entries)
                    .noneMatch(entry -> entry instanceof LogEntry.Missing)
                    .noneMatch(
                            entry ->
                                    entry instanceof LogEntry.Frame frame
                                            && frame.verdict() == LogEntry.Verdict.DAMAGED);
        }
    }

    @Test
    void messageIsFoundInASpoolInMotion() throws Exception {
        SpoolId kept = accept(octets(7, 200_000), "kept@x.example");
        take();
        for (int seed = 1; seed <= 5; seed++) {
            List<ContentGap> gaps = new ArrayList<>();
            LogInspector inspector = LogInspector.open(new Busy(seed), DIRECTORY);
            var found = (LogInspector.Lookup.Queued) inspector.find(kept, ReadProgress.NONE);
            assertThat(content(found.message(), gaps))
                    .isEqualTo(Samples.withPrefix(octets(7, 200_000)));
            assertThat(gaps).isEmpty();
        }
    }

    /** Between the reads of whoever looks, mail comes and goes. */
    private final class Busy extends PassingDisk {
        private static final int QUEUED_MAX = 8;
        private static final int[] SIZES = {100, 100, 3000, 70_000, 400_000, 2_000_000};

        private final Random random;
        private int mails;

        Busy(long seed) {
            super(platform.disk());
            random = new Random(seed);
        }

        @Override
        void before(int octets) throws IOException {
            boolean isSmall = octets <= SegmentHeader.OCTETS;
            if (mails > MAILS_MAX || (isSmall && random.nextInt(30) > 0)) {
                return;
            }
            try {
                int burst = random.nextInt(8) == 0 ? 12 : random.nextInt(3);
                for (int i = 0; i < burst; i++) {
                    ContentSink aborted = spool.openContent();
                    aborted.write(Samples.octets(mails, 70_000), 0, 70_000);
                    accept(
                            Samples.octets(mails++, SIZES[random.nextInt(SIZES.length)]),
                            "a@x.example");
                    aborted.discard();
                    queued.addAll(take());
                    while (queued.size() > random.nextInt(QUEUED_MAX)) {
                        settleOne(queued.remove(random.nextInt(queued.size())));
                    }
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private void settleOne(QueuedDelivery delivery) {
            Settlement outcome =
                    random.nextBoolean() ? done(delivery) : deferred(delivery, List.of(0), LATER);
            assertThat(spool.settle(List.of(outcome))).isTrue();
            if (!outcome.isDone()) {
                assertThat(spool.settle(List.of(done(delivery)))).isTrue();
            }
        }
    }
}

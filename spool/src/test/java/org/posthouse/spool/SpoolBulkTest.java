package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.spool.Samples.acceptance;
import static org.posthouse.spool.Samples.done;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Threads;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Large content, in segments of its own. */
class SpoolBulkTest extends BulkSpool {
    @Test
    void onlyLargeContentGoesToBulk() throws Exception {
        SpoolId small = accept(octets(1, 16 << 10));
        assertThat(bulkFiles()).isEmpty();
        SpoolId large = accept(octets(2, (16 << 10) + 1));
        assertThat(bulkFiles()).hasSize(1);
        reopen();
        verify(small, octets(1, 16 << 10));
        verify(large, octets(2, (16 << 10) + 1));
    }

    @Test
    void largeContentIsWrittenOnceAndItsFilesGoWithIt() throws Exception {
        byte[] body = octets(3, 3_000_000);
        SpoolId id = accept(body);
        assertThat(bulkFiles()).hasSizeBetween(11, 14);
        long log = 0;
        for (String name : platform.disk().list(DIRECTORY)) {
            log += name.startsWith("segment-") ? 1 : 0;
        }
        assertThat(log).as("nothing of it is in the log").isLessThanOrEqualTo(2);
        verify(id, body);
        settleAll();
        assertThat(bulkFiles()).as("the active one stays").hasSize(1);
        reopen();
        assertThat(bulkFiles()).isEmpty();
    }

    @Test
    void abortedContentIsReclaimed() throws Exception {
        for (int i = 0; i < 50; i++) {
            ContentSink sink = spool.openContent();
            sink.write(octets(i, 300_000), 0, 300_000);
            sink.discard();
            sink.discard();
        }
        assertThat(bulkFiles()).hasSizeLessThanOrEqualTo(1);
        long live = accept(octets(1, LARGE)).value();
        ContentSink open = spool.openContent();
        open.write(octets(2, 100_000), 0, 100_000);
        reopen();
        assertThat(bulkFiles()).as("what was open is dead").hasSize(1);
        verify(new SpoolId(live), octets(1, LARGE));
    }

    @Test
    void memoryStaysFlat() {
        LogSink sink = (LogSink) spool.openContent();
        byte[] piece = octets(1, 100_000);
        int most = 0;
        for (int i = 0; i < 300; i++) {
            sink.write(piece, 0, piece.length);
            most = Math.max(most, sink.heldOctets());
        }
        assertThat(most).isLessThanOrEqualTo(18 << 10);
        assertThat(sink.inBulk().runs()).isLessThanOrEqualTo(150);
        assertThat(accept(sink)).isInstanceOf(AcceptResult.Accepted.class);
        LogSink medium = (LogSink) spool.openContent();
        medium.write(piece, 0, 16 << 10);
        assertThat(medium.heldOctets()).isEqualTo(16 << 10);
    }

    @Test
    void sinksTakeTurnsInOneSegment() throws Exception {
        int sinks = 10;
        List<ContentSink> open = new ArrayList<>();
        for (int i = 0; i < sinks; i++) {
            open.add(spool.openContent());
        }
        byte[][] bodies = new byte[sinks][];
        for (int i = 0; i < sinks; i++) {
            bodies[i] = octets(i, 45_000 + i * 777);
        }
        for (int at = 0; at < 60_000; at += 1000) {
            for (int i = 0; i < sinks; i++) {
                int length = Math.min(1000, bodies[i].length - at);
                if (length > 0) {
                    open.get(i).write(bodies[i], at, length);
                }
            }
        }
        Map<SpoolId, byte[]> kept = new LinkedHashMap<>();
        for (int i = 0; i < sinks; i++) {
            if (i % 3 == 0) {
                open.get(i).discard();
            } else {
                kept.put(((AcceptResult.Accepted) accept(open.get(i))).id(), bodies[i]);
            }
        }
        assertThat(bulkFiles()).hasSizeLessThanOrEqualTo(3);
        kept.forEach(this::verify);
        reopen();
        kept.forEach(this::verify);
    }

    @Test
    void sinksShareTheirForces() throws Exception {
        platform.disk().forceTakes(Duration.ofMillis(1));
        accept(octets(1, LARGE));
        long before = operations(SimDiskOperation.FORCE);
        int clients = 32;
        List<Threads.Task> tasks = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            byte[] body = octets(i, 20_000);
            tasks.add(platform.threads().start("c" + i, () -> accept(body)));
        }
        for (Threads.Task task : tasks) {
            task.join(Deadline.NEVER);
        }
        assertThat(spool.admin().messageCount()).isEqualTo(clients + 1);
        assertThat(operations(SimDiskOperation.FORCE) - before).isLessThanOrEqualTo(16);
    }

    @Test
    void contentIsForcedWhileItArrives() {
        SpoolSettings wide = SMALL.withBulk(16 << 10, 64 << 20);
        spool.close();
        spool = SpoolLog.open(platform, DIRECTORY, wide);
        ContentSink sink = spool.openContent();
        byte[] piece = new byte[1 << 20];
        long before = operations(SimDiskOperation.FORCE);
        for (int i = 0; i < 40; i++) {
            sink.write(piece, 0, piece.length);
        }
        assertThat(operations(SimDiskOperation.FORCE) - before).isBetween(3L, 5L);
        sink.discard();
    }

    @Test
    void smallMailDoesNotWaitForLargeMail() throws Exception {
        accept(octets(1, LARGE));
        platform.disk().forceTakes(Duration.ofSeconds(1));
        Threads.Task large = platform.threads().start("large", () -> accept(octets(2, 3 * LARGE)));
        platform.settle();
        long before = platform.time().nanos();
        accept(octets(3, 100));
        assertThat(platform.time().nanos() - before).isLessThanOrEqualTo(1_000_000_000L);
        large.join(Deadline.NEVER);
        assertThat(spool.admin().messageCount()).isEqualTo(3);
    }

    private void refused(ContentSink sink) {
        assertThat(accept(sink)).isInstanceOf(AcceptResult.Unavailable.class);
    }

    private ContentSink begun(int seed) {
        ContentSink sink = spool.openContent();
        sink.write(octets(seed, LARGE), 0, LARGE);
        return sink;
    }

    @Test
    void failedForceFailsAllThatHaveOctetsThere() throws Exception {
        SpoolId before = accept(octets(1, LARGE));
        ContentSink first = begun(2);
        ContentSink other = begun(3);
        long forces = operations(SimDiskOperation.FORCE);
        platform.disk().fail(SimDiskOperation.FORCE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        refused(first);
        refused(other);
        assertThat(operations(SimDiskOperation.FORCE) - forces).as("not tried again").isEqualTo(1);
        SpoolId after = accept(octets(4, LARGE));
        assertThat(bulkFiles()).hasSize(2);
        reopen();
        verify(before, octets(1, LARGE));
        verify(after, octets(4, LARGE));
        assertThat(spool.admin().messageCount()).isEqualTo(2);
        assertThat(spool.admin().recovery().damagedFrames()).isZero();
    }

    @Test
    void forceThatFailedIsNotTriedForTheNext() throws Exception {
        accept(octets(1, LARGE));
        platform.disk().forceTakes(Duration.ofSeconds(1));
        long forces = operations(SimDiskOperation.FORCE);
        platform.disk().fail(SimDiskOperation.FORCE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        List<Threads.Task> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ContentSink sink = begun(i);
            tasks.add(platform.threads().start("c" + i, () -> refused(sink)));
            platform.settle();
        }
        for (Threads.Task task : tasks) {
            task.join(Deadline.NEVER);
        }
        assertThat(operations(SimDiskOperation.FORCE) - forces).isEqualTo(1);
    }

    @Test
    void failedForceOfTheDirectoryFailsThem() throws Exception {
        platform.disk()
                .fail(SimDiskOperation.FORCE_DIRECTORY, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        refused(begun(1));
        SpoolId after = accept(octets(2, LARGE));
        assertThat(bulkFiles()).hasSize(1);
        reopen();
        verify(after, octets(2, LARGE));
    }

    @Test
    void failedWriteFailsAllThatHaveOctetsThere() throws Exception {
        SpoolId before = accept(octets(1, LARGE));
        ContentSink first = begun(2);
        platform.disk().fail(SimDiskOperation.WRITE, 1, SimDiskFailure.NO_SPACE);
        ContentSink failing = begun(3);
        assertThat(failing.octets()).isEqualTo(LARGE);
        failing.write(new byte[LARGE], 0, LARGE);
        assertThat(accept(failing)).isEqualTo(new AcceptResult.NoSpace());
        assertThat(accept(first)).isEqualTo(new AcceptResult.NoSpace());
        SpoolId after = accept(octets(4, LARGE));
        reopen();
        verify(before, octets(1, LARGE));
        verify(after, octets(4, LARGE));
    }

    @Test
    void failedMakingOfASegmentFailsTheOneThatTried() throws Exception {
        platform.disk().fail(SimDiskOperation.CREATE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        refused(begun(1));
        platform.disk().fail(SimDiskOperation.WRITE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        refused(begun(2));
        assertThat(bulkFiles()).isEmpty();
        verify(accept(octets(3, LARGE)), octets(3, LARGE));
    }

    @Test
    void otherMailIsNotAffected() throws Exception {
        platform.disk().failAll(SimDiskOperation.CREATE, SimDiskFailure.INPUT_OUTPUT_ERROR);
        for (int i = 0; i < 20; i++) {
            refused(begun(i));
            accept(octets(i, 1000));
        }
        settleAll();
        platform.disk().heal();
        verify(accept(octets(3, LARGE)), octets(3, LARGE));
    }

    @Test
    void failedSegmentGoesWithWhatIsLiveInIt() throws Exception {
        accept(octets(1, LARGE));
        platform.disk().fail(SimDiskOperation.FORCE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        refused(begun(2));
        assertThat(bulkFiles()).hasSize(1);
        settleAll();
        assertThat(bulkFiles()).isEmpty();
    }

    @Test
    void reportWhoseContentIsLostIsRefusedNotRetriedForEver() throws Exception {
        accept(octets(1, 1000));
        QueuedDelivery taken = spool.take(1, NOW).getFirst();
        Acceptance report = acceptance(spool, "", octets(2, LARGE), "a@x.example");
        platform.disk().fail(SimDiskOperation.FORCE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> spool.settle(List.of(done(taken, report))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("make it again");
        }
        Acceptance again = acceptance(spool, "", octets(2, LARGE), "a@x.example");
        assertThat(spool.settle(List.of(done(taken, again)))).isTrue();
        verify(spool.take(1, NOW).getFirst().id().message(), octets(2, LARGE));
    }

    @Test
    void reportWaitsForADiskThatWorksAgain() throws Exception {
        accept(octets(1, 1000));
        QueuedDelivery taken = spool.take(1, NOW).getFirst();
        Acceptance report = acceptance(spool, "", octets(2, LARGE), "a@x.example");
        ContentSink sink = report.content();
        assertThat(((LogSink) sink).finish()).isNull();
        platform.disk().failAll(SimDiskOperation.FORCE, SimDiskFailure.INPUT_OUTPUT_ERROR);
        assertThat(spool.settle(List.of(done(taken, report)))).isFalse();
        assertThatThrownBy(() -> sink.write(new byte[1], 0, 1))
                .isInstanceOf(IllegalStateException.class);
        platform.disk().heal();
        platform.time().sleep(Duration.ofSeconds(2));
        assertThat(spool.settle(List.of(done(taken, report)))).isTrue();
        reopen();
        verify(spool.take(1, NOW).getFirst().id().message(), octets(2, LARGE));
    }

    @Test
    void fullDiskRefusesLargeMailBeforeItIsFullAndGetsItsRoomBack() throws Exception {
        platform.disk().capacity(4 << 20);
        ContentSink sink = spool.openContent();
        byte[] piece = octets(1, 100_000);
        for (int i = 0; i < 100; i++) {
            sink.write(piece, 0, piece.length);
        }
        assertThat(bulkFiles()).as("given up at once").hasSizeLessThanOrEqualTo(1);
        assertThat(accept(sink)).isEqualTo(new AcceptResult.NoSpace());
        assertThat(platform.disk().usableOctets(DIRECTORY)).isGreaterThan(1 << 20);
        verify(accept(octets(2, LARGE)), octets(2, LARGE));
    }

    @Test
    void diskThatFillsInTheMiddleOfAWrite() throws Exception {
        SpoolId before = accept(octets(1, LARGE));
        ContentSink sink = spool.openContent();
        byte[] piece = octets(1, 60_000);
        sink.write(piece, 0, piece.length);
        platform.disk().capacity((1L << 40) - platform.disk().usableOctets(DIRECTORY) + 5000);
        sink.write(piece, 0, piece.length);
        assertThat(accept(sink)).isEqualTo(new AcceptResult.NoSpace());
        platform.disk().capacity(1L << 40);
        platform.time().sleep(Duration.ofSeconds(2));
        SpoolId after = accept(octets(2, LARGE));
        reopen();
        verify(before, octets(1, LARGE));
        verify(after, octets(2, LARGE));
    }

    @Test
    void openContentKeepsItsSegments() throws Exception {
        byte[] body = octets(1, 600_000);
        Content content = spool.content(accept(body));
        int files = bulkFiles().size();
        settleAll();
        accept(octets(2, LARGE));
        settleAll();
        assertThat(bulkFiles()).hasSizeGreaterThanOrEqualTo(files);
        assertThat(Samples.read(content)).isEqualTo(Samples.withPrefix(body));
        assertThat(bulkFiles()).as("read, closed, gone").hasSize(1);
    }

    @Test
    void closeEndsWhatIsUnderWay() throws Exception {
        Content content = spool.content(accept(octets(1, 600_000)));
        ContentSink sink = begun(2);
        platform.disk().forceTakes(Duration.ofSeconds(1));
        List<AcceptResult> results = new ArrayList<>();
        Threads.Task waiting =
                platform.threads().start("waiting", () -> results.add(accept(begun(3))));
        platform.settle();
        spool.close();
        waiting.join(Deadline.NEVER);
        refused(sink);
        refused(begun(4));
        assertThat(results).hasOnlyElementsOfType(AcceptResult.Unavailable.class).hasSize(1);
        assertThat(Samples.read(content)).isEqualTo(Samples.withPrefix(octets(1, 600_000)));
        platform.settle();
        assertThat(platform.disk().openFiles()).isZero();
        assertThat(platform.liveThreads()).hasSize(1);
        openSpool();
        assertThat(spool.admin().messageCount()).isEqualTo(1);
    }
}

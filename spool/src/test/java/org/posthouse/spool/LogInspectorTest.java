package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.spool.Samples.deferred;
import static org.posthouse.spool.Samples.done;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.Test;
import org.posthouse.core.SpoolId;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** What is told of a healthy spool from outside. */
class LogInspectorTest extends InspectedSpool {
    @Test
    void healthySpoolIsFine() throws Exception {
        SpoolId oldest = accept(octets(1, 1000), "a@x.example", "b@y.example");
        accept(octets(2, 200_000), "a@x.example");
        accept(octets(3, 10), "a@z.example");
        List<QueuedDelivery> taken = take();
        assertThat(spool.settle(List.of(deferred(taken.get(0), List.of(0), LATER)))).isTrue();
        assertThat(spool.settle(List.of(done(taken.get(1))))).isTrue();
        assertThat(spool.settle(List.of(done(taken.get(3))))).isTrue();
        spool.close();
        SpoolCheck check = check();
        assertThat(check.isFine()).isTrue();
        assertThat(check.isComplete()).isTrue();
        assertThat(check.version()).isEqualTo(SegmentHeader.VERSION);
        long octets = Samples.prefix().length * 2 + 201_000L;
        assertThat(check.queue().messageCount()).isEqualTo(2);
        assertThat(check.queue().deliveryCount()).isEqualTo(2);
        assertThat(check.queue().heldCount()).isZero();
        assertThat(check.queue().octets()).isEqualTo(octets);
        SpoolCheck.Oldest found = check.queue().oldest();
        assertThat(found).isNotNull();
        assertThat(found.id()).isEqualTo(oldest);
        assertThat(found.acceptedAt()).isEqualTo(find(oldest).stored().acceptedAt());
        assertThat(check.segments().used() + check.segments().free())
                .isEqualTo((int) segmentNames().count());
        assertThat(inspector().holder()).isEmpty();
    }

    @Test
    void emptySpoolIsFine() {
        spool.close();
        assertThat(check().isFine()).isTrue();
        assertThat(check().queue().oldest()).isNull();
    }

    @Test
    void messageIsFoundWithContentAndStates() throws Exception {
        byte[] small = octets(1, 5000);
        byte[] large = octets(2, 300_000);
        SpoolId one = accept(small, "a@x.example", "b@y.example", "c@x.example");
        SpoolId two = accept(large, "a@x.example");
        List<QueuedDelivery> taken = take();
        assertThat(spool.settle(List.of(deferred(taken.get(0), List.of(2), LATER)))).isTrue();
        assertThat(spool.settle(List.of(done(taken.get(1))))).isTrue();
        spool.close();
        assertThat(content(one)).isEqualTo(Samples.withPrefix(small));
        assertThat(content(two)).isEqualTo(Samples.withPrefix(large));
        InspectedMessage message = find(one);
        assertThat(message.stored().origin()).isEqualTo(Samples.ORIGIN);
        List<InspectedDelivery> deliveries = message.deliveries();
        assertThat(deliveries)
                .extracting(d -> d.domain())
                .containsExactly("x.example", "y.example");
        assertThat(deliveries.get(0).recipients()).containsExactly(0, 2);
        assertThat(deliveries.get(0).openRecipients()).containsExactly(2);
        assertThat(deliveries.get(0).progress().attempts()).isEqualTo(1);
        assertThat(deliveries.get(0).progress().nextDueAt()).isEqualTo(LATER);
        assertThat(deliveries.get(0).progress().lastReply()).isEqualTo("451 later");
        assertThat(deliveries.get(1).isDone()).isTrue();
        InspectedDelivery fresh = find(two).deliveries().getFirst();
        assertThat(fresh.openRecipients()).containsExactly(0);
        assertThat(fresh.progress().attempts()).isZero();
    }

    @Test
    void settledAndUnknownMessagesAreToldApart() throws Exception {
        SpoolId id = accept(octets(1, 10), "a@x.example");
        settleAll();
        assertThat(inspector().find(id, ReadProgress.NONE))
                .isEqualTo(new LogInspector.Lookup.Settled());
        assertThat(inspector().find(new SpoolId(id.value() + 1), ReadProgress.NONE))
                .isEqualTo(new LogInspector.Lookup.Unknown());
    }

    @Test
    void allQueuedMessagesAreGivenOut() throws Exception {
        List<SpoolId> left = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            SpoolId id = accept(octets(i, 30_000), "a@x.example");
            if (i % 4 == 0) {
                left.add(id);
            }
        }
        for (QueuedDelivery delivery : take()) {
            if (!left.contains(delivery.id().message())) {
                assertThat(spool.settle(List.of(done(delivery)))).isTrue();
            }
        }
        spool.close();
        List<SpoolId> found = new ArrayList<>();
        inspector()
                .queued(
                        ReadProgress.NONE,
                        message -> {
                            List<ContentGap> gaps = new ArrayList<>();
                            int number = found.size() * 4;
                            assertThat(content(message, gaps))
                                    .isEqualTo(Samples.withPrefix(octets(number, 30_000)));
                            assertThat(gaps).isEmpty();
                            found.add(message.stored().id());
                        });
        assertThat(found).isEqualTo(left);
    }

    @Test
    void failureOfWhoTakesTheMessagesIsTheirs() {
        accept(octets(1, 10), "a@x.example");
        assertThatThrownBy(
                        () ->
                                inspector()
                                        .queued(
                                                ReadProgress.NONE,
                                                message -> {
                                                    throw new IOException("full");
                                                }))
                .isInstanceOf(IOException.class)
                .hasMessage("full");
    }

    @Test
    void entriesComeInTheOrderOfTheLog() throws Exception {
        SpoolId small = accept(octets(1, 100), "a@x.example");
        SpoolId large = accept(octets(2, 150_000), "a@x.example");
        settleAll();
        spool.close();
        List<LogEntry.Frame> frames = frames();
        assertThat(frames)
                .extracting(LogEntry.Frame::sequence)
                .isSorted()
                .doesNotHaveDuplicates()
                .startsWith(1L);
        assertThat(frames).allMatch(LogEntry.Frame::isWhole);
        List<LogRecord> records = new ArrayList<>();
        frames.forEach(frame -> records.addAll(frame.records()));
        assertThat(records).hasSize(4);
        LogRecord.Accepted second = (LogRecord.Accepted) records.get(1);
        assertThat(second.id()).isEqualTo(large);
        assertThat(second.content().chunkCount()).isEqualTo(3);
        assertThat(second.content().ranges()).containsExactly(new LogRecord.Range(0, 150_000));
        assertThat(records.get(2).id()).isEqualTo(small);
        assertThat(((LogRecord.Settled) records.get(2)).isDone()).isTrue();
        assertThat(entries().stream().filter(entry -> entry instanceof LogEntry.Segment))
                .hasSize((int) segmentNames().count());
    }

    @Test
    void entriesOfOneMessage() throws Exception {
        accept(octets(1, 100), "a@x.example");
        SpoolId large = accept(octets(2, 150_000), "a@x.example");
        accept(octets(3, 100), "a@x.example");
        settleAll();
        List<LogEntry> entries = new ArrayList<>();
        inspector().entriesOf(large, ReadProgress.NONE, entries::add);
        assertThat(entries).hasSize(5).allMatch(entry -> entry instanceof LogEntry.Frame);
        assertThat(((LogEntry.Frame) entries.get(4)).records())
                .hasSize(1)
                .allMatch(record -> record.id().equals(large));
    }

    @Test
    void entriesOfOneSegment() throws Exception {
        for (int i = 0; i < 30; i++) {
            accept(octets(i, 40_000), "a@x.example");
        }
        List<LogEntry> entries = new ArrayList<>();
        String file = frames().getLast().file();
        int number = SegmentFiles.NAME.numberOf(file);
        assertThat(inspector().entriesOf(number, ReadProgress.NONE, entries::add)).isTrue();
        assertThat(entries).hasSizeGreaterThan(5).allMatch(entry -> entry.file().equals(file));
        assertThat(inspector().entriesOf(99, ReadProgress.NONE, entries::add)).isFalse();
    }

    @Test
    void newerFormatIsRefused() throws Exception {
        spool.close();
        Path file = DIRECTORY.resolve("segment-00000001");
        ByteBuffer header = ByteBuffer.allocate(SegmentHeader.OCTETS);
        header.put(platform.disk().contents(file), 0, SegmentHeader.OCTETS).putInt(8, 99);
        var crc = new CRC32C();
        crc.update(header.array(), 0, 76);
        crc.update(ByteBuffer.allocate(8).putLong(0, 0));
        header.putInt(76, (int) crc.getValue());
        write(file, header.array(), 0);
        assertThatThrownBy(this::inspector)
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.code()).isEqualTo(SpoolException.NEWER_FORMAT))
                .hasMessageContaining("version 99");
    }

    @Test
    void noSpoolIsAClearError() throws IOException {
        platform.disk().createDirectories(Path.of("/empty"));
        for (String path : List.of("/none", "/empty")) {
            assertThatThrownBy(() -> LogInspector.open(platform.disk(), Path.of(path)))
                    .isInstanceOfSatisfying(
                            SpoolException.class,
                            e -> assertThat(e.code()).isEqualTo(SpoolException.MISSING))
                    .hasMessageContaining(path);
        }
    }

    @Test
    void nothingIsChanged() throws Exception {
        SpoolId id = accept(octets(1, 200_000), "a@x.example");
        long before = platform.disk().changes();
        int open = platform.disk().openFiles();
        check();
        entries();
        content(id);
        inspector().queued(ReadProgress.NONE, message -> {});
        assertThat(platform.disk().changes()).isEqualTo(before);
        assertThat(platform.disk().openFiles()).isEqualTo(open);
    }

    @Test
    void progressReachesTheEnd() {
        accept(octets(1, 1_000_000), "a@x.example");
        spool.close();
        List<Long> read = new ArrayList<>();
        List<Long> of = new ArrayList<>();
        inspector()
                .check(
                        (octets, all) -> {
                            read.add(octets);
                            of.add(all);
                        });
        assertThat(read).isSorted();
        assertThat(read.getLast()).isEqualTo(of.getLast()).isPositive();
    }
}

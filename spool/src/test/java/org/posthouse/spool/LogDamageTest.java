package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.posthouse.spool.Samples.deferred;
import static org.posthouse.spool.Samples.done;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.DiskFile;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What is told of a damaged spool from outside. */
class LogDamageTest extends InspectedSpool {
    private static LogEntry.Frame first(List<LogEntry.Frame> frames, int type) {
        return frames.stream().filter(frame -> frame.type() == type).findFirst().orElseThrow();
    }

    @Test
    void flippedBitInAChunk() throws Exception {
        byte[] body = octets(1, 200_000);
        SpoolId id = accept(body, "a@x.example");
        SpoolId other = accept(octets(2, 100), "a@x.example");
        spool.close();
        LogEntry.Frame second = frames().get(1);
        flip(second, 777);
        SpoolCheck check = check();
        assertThat(check.isFine()).isFalse();
        assertThat(check.damage()).hasSize(1);
        SpoolDamage damage = check.damage().getFirst();
        assertThat(damage.kind()).isEqualTo(SpoolDamage.Kind.PAYLOAD);
        assertThat(damage.file()).isEqualTo(second.file());
        assertThat(damage.generation()).isEqualTo(second.generation());
        assertThat(damage.position()).isEqualTo(second.position());
        assertThat(damage.firstSequence()).isEqualTo(second.sequence());
        assertThat(damage.messages()).containsExactly(id);
        assertThat(check.setAside()).containsExactly(new SpoolCheck.SetAside(id, 65536));
        assertThat(check.queue().messageCount()).isEqualTo(1);
        assertThat(content(other)).isEqualTo(Samples.withPrefix(octets(2, 100)));

        List<ContentGap> gaps = new ArrayList<>();
        byte[] exported = content(find(id), gaps);
        body[65536 + 777] ^= 1 << 3;
        assertThat(exported).isEqualTo(Samples.withPrefix(body));
        assertThat(gaps)
                .containsExactly(new ContentGap(Samples.prefix().length + 65536, 65536, true));
    }

    @Test
    void flippedBitInAFrameHeader() throws Exception {
        byte[] body = octets(1, 200_000);
        SpoolId id = accept(body, "a@x.example");
        accept(octets(2, 100), "a@x.example");
        spool.close();
        LogEntry.Frame second = frames().get(1);
        flip(second.file(), second.position() + 17, 0);
        SpoolCheck check = check();
        assertThat(check.damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.kind()).isEqualTo(SpoolDamage.Kind.FRAMES);
                            assertThat(damage.position()).isEqualTo(second.position());
                            assertThat(damage.firstSequence()).isEqualTo(second.sequence());
                            assertThat(damage.lastSequence()).isEqualTo(second.sequence());
                            assertThat(damage.messages()).containsExactly(id);
                        });
        assertThat(entries())
                .contains(
                        new LogEntry.Missing(
                                second.file(),
                                second.generation(),
                                second.position(),
                                second.sequence(),
                                second.sequence()));
        List<ContentGap> gaps = new ArrayList<>();
        byte[] exported = content(find(id), gaps);
        byte[] whole = Samples.withPrefix(body);
        int start = Samples.prefix().length + 65536;
        assertThat(exported).hasSize(whole.length - 65536);
        assertThat(exported).startsWith(Arrays.copyOf(whole, start));
        assertThat(gaps).containsExactly(new ContentGap(start, 65536, false));
    }

    @Test
    void flippedBitInASettleRecord() throws Exception {
        SpoolId id = accept(octets(1, 100), "a@x.example");
        assertThat(spool.settle(List.of(deferred(take().getFirst(), List.of(0), LATER)))).isTrue();
        accept(octets(2, 100), "a@x.example");
        spool.close();
        LogEntry.Frame settle =
                frames().stream()
                        .filter(
                                f ->
                                        f.records().stream()
                                                .anyMatch(LogRecord.Settled.class::isInstance))
                        .findFirst()
                        .orElseThrow();
        flip(settle, settle.octets() - 2);
        SpoolCheck check = check();
        assertThat(check.damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.kind()).isEqualTo(SpoolDamage.Kind.PAYLOAD);
                            assertThat(damage.text()).contains("a commit");
                            assertThat(damage.messages()).containsExactly(id);
                        });
        assertThat(check.setAside()).isEmpty();
        assertThat(find(id).deliveries().getFirst().progress().attempts()).isZero();
        assertThat(frames()).anyMatch(f -> f.verdict() == LogEntry.Verdict.DAMAGED);
    }

    @Test
    void flippedBitInAnAcceptRecordNamesTheMessageThatIsLost() throws Exception {
        SpoolId id = accept(octets(1, 100), "a@x.example");
        accept(octets(2, 100), "a@x.example");
        spool.close();
        flip(first(frames(), LogEntry.COMMIT), 40);
        SpoolDamage damage = check().damage().getFirst();
        assertThat(damage.messages()).containsExactly(id);
        assertThat(inspector().find(id, ReadProgress.NONE))
                .isEqualTo(new LogInspector.Lookup.Unknown());
    }

    /** Whichever bit it is, the segment is read by what the header said before. */
    @Test
    void flippedBitInTheNewestHeader() throws Exception {
        SpoolId id = accept(octets(1, 100), "a@x.example");
        spool.close();
        String file = frames().getFirst().file();
        int slot = newestSlot(file);
        for (int bit = 0; bit < SegmentHeader.OCTETS * 8; bit++) {
            flip(file, slot + bit / 8, bit % 8);
            SpoolCheck check = check();
            assertThat(check.damage())
                    .as("bit %s", bit)
                    .singleElement()
                    .satisfies(
                            damage -> {
                                assertThat(damage.kind()).isEqualTo(SpoolDamage.Kind.HEADER);
                                assertThat(damage.position()).isEqualTo(slot);
                                assertThat(damage.text()).contains("one wrong bit");
                            });
            assertThat(content(id)).isEqualTo(Samples.withPrefix(octets(1, 100)));
            flip(file, slot + bit / 8, bit % 8);
        }
        assertThat(check().isFine()).isTrue();
    }

    /**
     * A start took the older header, which says that the segment is free, and used it again: the
     * mail in it was gone without a word.
     */
    @Test
    void startReadsASegmentWhoseNewestHeaderLostABit() throws Exception {
        byte[] body = octets(1, 100);
        for (int bit = 0; bit < SegmentHeader.OCTETS * 8; bit += 37) {
            SpoolId id = accept(body, "a@x.example");
            spool.close();
            List<LogEntry.Frame> frames = frames();
            String file = frames.getLast().file();
            flip(file, newestSlot(file) + bit / 8, bit % 8);
            open();
            assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
            assertThat(spool.admin().messageCount()).isEqualTo(bit / 37 + 1);
        }
    }

    /**
     * The older header may say that the segment is free: a start that took it would use the segment
     * again, and the mail in it would be gone without a word.
     */
    @Test
    void startLeavesASegmentAsideWhoseNewestHeaderIsGone() throws Exception {
        byte[][] ruins = {
            new byte[SegmentHeader.OCTETS], octets(7, SegmentHeader.OCTETS), octets(8, 512)
        };
        for (byte[] ruin : ruins) {
            SpoolId lost = accept(octets(1, 100), "a@x.example");
            spool.close();
            LogEntry.Frame frame = frames().getLast();
            Path path = DIRECTORY.resolve(frame.file());
            write(path, ruin, newestSlot(frame.file()));
            byte[] before = platform.disk().contents(path);
            assertThat(check().isFine()).isFalse();
            removeCheckpoints(); // else the messages that they know of are counted, too
            platform.time().sleep(Duration.ofSeconds(1));
            open();
            assertThat(spool.admin().recovery().damagedFrames()).isPositive();
            SpoolId next = accept(octets(2, 100), "a@x.example");
            assertThat(next.value()).isGreaterThan(lost.value());
            spool.close();
            assertThat(frames()).allMatch(f -> f.generation() != frame.generation());
            assertThat(frames().getLast().sequence()).isGreaterThan(frame.sequence());
            assertThat(frames().getLast().generation()).isGreaterThan(frame.generation());
            open();
            assertThat(Samples.read(spool.content(next)))
                    .isEqualTo(Samples.withPrefix(octets(2, 100)));
            assertThat(platform.disk().contents(path)).isEqualTo(before);
            settleAll();
        }
    }

    @Test
    void messagesOfASegmentThatIsLeftAsideAreNamed() throws Exception {
        for (int i = 0; i < 40; i++) {
            accept(octets(i, 40_000), "a@x.example");
        }
        spool.close();
        String file = frames().getFirst().file();
        List<SpoolId> there = messagesIn(file);
        write(DIRECTORY.resolve(file), octets(7, 80), newestSlot(file));
        SpoolCheck check = check();
        assertThat(check.damage())
                .extracting(SpoolDamage::file, SpoolDamage::messages)
                .contains(tuple(file, there));
        assertThat(check.queue().messageCount()).isEqualTo(40 - there.size());
        open();
        assertThat(spool.admin().messageCount()).isEqualTo(40 - there.size());
        assertThat(spool.admin().recovery().damagedFrames()).isPositive();
    }

    private List<SpoolId> messagesIn(String file) {
        List<SpoolId> there = new ArrayList<>();
        for (LogEntry.Frame frame : frames()) {
            if (frame.file().equals(file) && frame.type() == LogEntry.COMMIT) {
                there.add(new SpoolId(frame.id()));
            }
        }
        return there;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void segmentWithoutHeadersIsLeftAsideAndOthersLive(boolean isZeroed) throws Exception {
        for (int i = 0; i < 40; i++) {
            accept(octets(i, 40_000), "a@x.example");
        }
        spool.close();
        String file = frames().getFirst().file();
        Path path = DIRECTORY.resolve(file);
        List<SpoolId> there = messagesIn(file);
        byte[] ruin = isZeroed ? new byte[SegmentHeader.OCTETS] : octets(7, SegmentHeader.OCTETS);
        write(path, ruin, 0);
        write(path, ruin, SegmentHeader.SLOT_DISTANCE);
        byte[] before = platform.disk().contents(path);
        open();
        assertThat(spool.admin().messageCount()).isEqualTo(40 - there.size()).isPositive();
        assertThat(spool.admin().recovery().damagedFrames()).isPositive();
        settleAll();
        for (int i = 0; i < 40; i++) {
            accept(octets(i, 40_000), "a@x.example");
            settleAll();
        }
        spool.close();
        open();
        assertThat(spool.admin().messageCount()).isZero();
        assertThat(platform.disk().contents(path)).isEqualTo(before);
    }

    /** An earlier version took the older header, and its checkpoint does not know the segment. */
    @Test
    void checkpointThatDoesNotKnowAMendedSegmentIsNotUsed() throws Exception {
        SpoolId id = accept(octets(1, 100), "a@x.example");
        for (int i = 0; i < 40; i++) {
            accept(octets(i, 40_000), "a@x.example");
        }
        spool.close();
        String file = frames().getFirst().file();
        Path path = DIRECTORY.resolve(file);
        byte[] used = platform.disk().contents(path);
        removeCheckpoints();
        platform.disk().delete(path);
        open();
        assertThat(spool.admin().messageCount()).isLessThan(41);
        spool.close();
        try (DiskFile back = platform.disk().create(path)) {
            back.write(ByteBuffer.wrap(used), 0);
        }
        flip(file, newestSlot(file) + 20, 1);
        open();
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(octets(1, 100)));
        assertThat(spool.admin().messageCount()).isEqualTo(41);
    }

    private int newestSlot(String file) {
        byte[] all = platform.disk().contents(DIRECTORY.resolve(file));
        long a = ByteBuffer.wrap(all).getLong(16);
        long b = ByteBuffer.wrap(all).getLong(SegmentHeader.SLOT_DISTANCE + 16);
        return a > b ? 0 : SegmentHeader.SLOT_DISTANCE;
    }

    @Test
    void headersThatAreGoneAreDamage() throws Exception {
        accept(octets(1, 100), "a@x.example");
        spool.close();
        Path file = DIRECTORY.resolve(frames().getFirst().file());
        write(file, octets(5, SegmentHeader.OCTETS), 0);
        write(file, octets(6, SegmentHeader.OCTETS), SegmentHeader.SLOT_DISTANCE);
        SpoolCheck check = check();
        assertThat(check.damage())
                .singleElement()
                .satisfies(damage -> assertThat(damage.text()).contains("neither header"));
    }

    @Test
    void neverUsedSegmentWithFramesIsDamage() throws Exception {
        accept(octets(1, 100), "a@x.example");
        spool.close();
        String file = frames().getFirst().file();
        write(DIRECTORY.resolve(file), new byte[SegmentHeader.OCTETS], newestSlot(file));
        assertThat(check().damage())
                .singleElement()
                .satisfies(damage -> assertThat(damage.text()).contains("said to be unused"));
    }

    @Test
    void fileThatEndsTooEarlyIsDamage() throws Exception {
        accept(octets(1, 100), "a@x.example");
        spool.close();
        String file = frames().getFirst().file();
        try (DiskFile open = platform.disk().open(DIRECTORY.resolve(file))) {
            open.truncate(100_000);
        }
        assertThat(check().damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.kind()).isEqualTo(SpoolDamage.Kind.SHORT_FILE);
                            assertThat(damage.position()).isEqualTo(100_000);
                        });
    }

    /** A checkpoint knows what was there. */
    @Test
    void deletedSegmentIsMissedAndItsMessagesAreNamed() throws Exception {
        for (int i = 0; i < 40; i++) {
            accept(octets(i, 40_000), "a@x.example", "b@y.example");
        }
        List<QueuedDelivery> taken = take();
        assertThat(spool.settle(List.of(done(taken.get(0))))).isTrue();
        assertThat(spool.settle(List.of(done(taken.get(1))))).isTrue();
        assertThat(spool.settle(List.of(done(taken.get(2))))).isTrue();
        spool.close();
        assertThat(check().isFine()).isTrue();
        assertThat(check().checkpoints().usable()).isPositive();
        String file = frames().getFirst().file();
        List<SpoolId> there = new ArrayList<>();
        for (LogEntry.Frame frame : frames()) {
            if (frame.file().equals(file) && frame.type() == LogEntry.COMMIT) {
                there.add(new SpoolId(frame.id()));
            }
        }
        there.removeFirst(); // it was settled
        platform.disk().delete(DIRECTORY.resolve(file));
        SpoolCheck check = check();
        assertThat(check.damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.kind()).isEqualTo(SpoolDamage.Kind.MISSING_FILE);
                            assertThat(damage.file()).isEqualTo(file);
                            assertThat(damage.messages()).isEqualTo(there);
                        });
        assertThat(check.queue().messageCount()).isEqualTo(39 - there.size());
    }

    @Test
    void checkpointThatWasCutShortIsNoDamage() throws Exception {
        for (int i = 0; i < 40; i++) {
            accept(octets(i, 40_000), "a@x.example");
        }
        spool.close();
        int usable = check().checkpoints().usable();
        String last =
                platform.disk().list(DIRECTORY).stream()
                        .filter(name -> name.startsWith("checkpoint"))
                        .reduce("", (before, name) -> name);
        try (DiskFile open = platform.disk().open(DIRECTORY.resolve(last))) {
            open.truncate(open.size() - 1);
        }
        assertThat(check().isFine()).isTrue();
        assertThat(check().checkpoints()).isEqualTo(new SpoolCheck.Checkpoints(usable - 1, 1));
    }

    @Test
    void tornTailIsNoDamage() throws Exception {
        SpoolId first = accept(octets(1, 100), "a@x.example");
        accept(octets(2, 100), "a@x.example");
        spool.close();
        LogEntry.Frame last = frames().getLast();
        assertThat(last.verdict()).isEqualTo(LogEntry.Verdict.TAIL);
        flip(last, 5);
        SpoolCheck check = check();
        assertThat(check.isFine()).isTrue();
        assertThat(check.tail().cutOctets()).isPositive();
        assertThat(check.queue().messageCount()).isEqualTo(1);
        assertThat(content(first)).isEqualTo(Samples.withPrefix(octets(1, 100)));
        assertThat(frames().getLast().verdict()).isEqualTo(LogEntry.Verdict.CUT);
    }

    /** Any bit anywhere: it is found, or it lies where nothing is; and a start finds the same. */
    @Test
    void anyFlippedBitIsFoundAndReadAsAStartWould() throws Exception {
        for (int i = 0; i < 12; i++) {
            accept(octets(i, i % 4 == 0 ? 150_000 : 3000), "a@x.example", "b@y.example");
        }
        for (QueuedDelivery delivery : take().subList(0, 9)) {
            assertThat(spool.settle(List.of(done(delivery)))).isTrue();
        }
        spool.close();
        List<LogEntry.Frame> frames = frames();
        var random = new Random(4);
        for (int i = 0; i < 60; i++) {
            LogEntry.Frame frame = frames.get(random.nextInt(frames.size() - 1));
            long position = frame.position() + random.nextInt(Frame.HEADER_OCTETS + frame.octets());
            byte[] before = platform.disk().contents(DIRECTORY.resolve(frame.file()));
            int bit = random.nextInt(8);
            flip(frame.file(), position, bit);
            SpoolCheck check = check();
            assertThat(check.damageCount()).as("%s", frame).isEqualTo(1);
            frames();
            flip(frame.file(), position, bit);
            assertThat(platform.disk().contents(DIRECTORY.resolve(frame.file()))).isEqualTo(before);
        }
        LogEntry.Frame frame = frames.get(7);
        flip(frame, 50);
        SpoolCheck check = check();
        removeCheckpoints(); // a start then reads all of it, too
        open();
        RecoveryReport report = spool.admin().recovery();
        assertThat(report.messages())
                .isEqualTo(check.queue().messageCount() + check.setAsideCount());
        assertThat(report.damagedFrames()).isEqualTo(check.damageCount());
    }
}

package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.spool.Samples.deferred;
import static org.posthouse.spool.Samples.done;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Segments that do not get empty, whatever the reason: what they keep stays kept, what was settled
 * stays settled, and mail that comes and goes beside them leaves nothing behind.
 */
class StuckSegmentTest extends InspectedSpool {
    private static final SpoolSettings TINY =
            new SpoolSettings(16 << 10, 1 << 10, 4 << 10, 64 << 10, 4 << 10, 3, 2, 64 << 10)
                    .withCheckpointOctets(60 << 10);

    private static final DeliveryId FIRST = new DeliveryId(new SpoolId(1), 0);
    private static final int RECIPIENTS = 25;
    private static final int BEFORE = 16;
    private static final int UNREADABLE = 14;
    private static final int WAITING = 25;
    private static final int ENDED = 5;

    /** What is left of these fills more than half of the first segment. */
    private static final int STAYING = 3;

    @Override
    @BeforeEach
    void open() {
        spool = SpoolLog.open(platform, DIRECTORY, TINY);
    }

    private static String[] recipients(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "a@d" + i + ".example")
                .toArray(String[]::new);
    }

    /** Mail that comes and goes at once. */
    private void fillSegment() throws InterruptedException {
        for (int i = 0; i < 12; i++) {
            passOne();
        }
    }

    private void passOne() throws InterruptedException {
        SpoolId id = accept(octets(1, 900), "a@x.example");
        settle(takenOf(id));
    }

    /** What may be taken of a message; all else is given out, too. */
    private List<QueuedDelivery> takenOf(SpoolId message) throws InterruptedException {
        return take().stream().filter(each -> each.id().message().equals(message)).toList();
    }

    private void settle(List<QueuedDelivery> all) {
        List<Settlement> settlements = all.stream().map(each -> done(each)).toList();
        assertThat(spool.settle(settlements)).isTrue();
    }

    private List<Integer> openOf(SpoolId id) {
        return spool.admin().list(FIRST, Integer.MAX_VALUE).stream()
                .filter(each -> each.id().message().equals(id))
                .map(each -> each.id().number())
                .toList();
    }

    /** Turns a bit of each of these contents. */
    private void damage(Collection<SpoolId> messages) throws IOException {
        damage(messages, 100);
    }

    /** The same at an octet of the payload, or, below 0, of the header. */
    private void damage(Collection<SpoolId> messages, int octet) throws IOException {
        for (LogEntry.Frame frame : frames()) {
            if (frame.type() == LogEntry.CHUNK && messages.contains(new SpoolId(frame.id()))) {
                flip(frame, octet);
            }
        }
    }

    /** Each pass reads the whole segment first, and then what it copies. */
    private void failSecondRead() {
        platform.disk().heal();
        platform.disk().fail(SimDiskOperation.READ, 2, SimDiskFailure.INPUT_OUTPUT_ERROR);
    }

    /** What keeps passes over a segment from their end. */
    interface Trouble {
        void with(List<SpoolId> inIt) throws IOException;
    }

    /**
     * Of a message to many only one delivery is left. The last records of the others lie in a
     * segment whose passes fail for an hour, the message itself in one that is never emptied.
     */
    private void whatWasSettledStaysSoBehindPassesThatFail(Trouble trouble) throws Exception {
        SpoolId many = accept(octets(0, 100), recipients(RECIPIENTS));
        for (int i = 0; i < 3; i++) {
            accept(octets(i, 1020), "waits@x.example");
        }
        List<QueuedDelivery> first = takenOf(many);
        fillSegment();
        settle(first.subList(0, BEFORE));
        List<SpoolId> inIt = new ArrayList<>();
        List<QueuedDelivery> waiting = new ArrayList<>();
        for (int i = 0; i < UNREADABLE; i++) {
            inIt.add(accept(octets(i, 900), "b@x.example"));
            waiting.addAll(take());
            if (i == 0) {
                settle(first.subList(BEFORE, RECIPIENTS - 1));
            }
            trouble.with(inIt.subList(i, i + 1));
            fillSegment();
        }
        for (int minute = 0; minute < 60; minute++) {
            trouble.with(List.of());
            platform.time().sleep(Duration.ofMinutes(1));
        }
        platform.disk().heal();
        waiting.forEach(each -> settle(List.of(each)));
        platform.time().sleep(Duration.ofSeconds(3));
        fillSegment();
        assertThat(openOf(many)).containsExactly(RECIPIENTS - 1);
        spool.close();
        removeCheckpoints();
        open();
        assertThat(openOf(many)).containsExactly(RECIPIENTS - 1);
    }

    @Test
    void whatWasSettledStaysSoBehindContentThatCannotBeRead() throws Exception {
        whatWasSettledStaysSoBehindPassesThatFail(this::damage);
    }

    @Test
    void whatWasSettledStaysSoBehindADiskThatFailsForAWhile() throws Exception {
        whatWasSettledStaysSoBehindPassesThatFail(inIt -> failSecondRead());
    }

    /** Behind a message that waits for ever, others come and go, some after a while. */
    private void othersLeaveNothing() throws Exception {
        Deque<SpoolId> later = new ArrayDeque<>();
        Map<SpoolId, QueuedDelivery> taken = new HashMap<>();
        for (int round = 0; round < 300; round++) {
            later.add(accept(octets(round, 1000), "later@x.example"));
            take().forEach(each -> taken.put(each.id().message(), each));
            if (later.size() > WAITING) {
                settle(List.of(taken.get(later.remove())));
            }
            fillSegment();
            platform.time().sleep(Duration.ofMinutes(5));
        }
        assertThat(segments()).isLessThan(20);
        later.forEach(id -> settle(List.of(taken.get(id))));
        platform.time().sleep(Duration.ofHours(5));
        assertThat(segments()).isLessThan(10);
    }

    private long segments() throws IOException {
        return segmentNames()
                .map(name -> platform.disk().contents(DIRECTORY.resolve(name)))
                .filter(file -> file.length == TINY.segmentOctets())
                .count();
    }

    @Test
    void oneSetAsideKeepsNoOthers() throws Exception {
        SpoolId damaged = accept(octets(1, 900), "a@x.example");
        SpoolId waits = accept(octets(2, 100), "waits@x.example");
        take();
        fillSegment();
        spool.close();
        damage(List.of(damaged));
        removeCheckpoints();
        open();
        assertThat(spool.admin().recovery().messagesSetAside()).isEqualTo(1);
        othersLeaveNothing();
        assertThat(openOf(waits)).hasSize(1);
    }

    @Test
    void onePoisonedKeepsNoOthers() throws Exception {
        platform.disk().fail(SimDiskOperation.FORCE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
        AcceptResult refused =
                spool.accept(Samples.acceptance(spool, "", octets(9, 100), "r@x.example"));
        assertThat(refused).isInstanceOf(AcceptResult.Unavailable.class);
        SpoolId waits = accept(octets(2, 100), "waits@x.example");
        take();
        othersLeaveNothing();
        assertThat(openOf(waits)).hasSize(1);
    }

    private Segment active() {
        return ledger().segments().stream().filter(each -> each.active).findFirst().orElseThrow();
    }

    private Ledger ledger() {
        return ((SpoolLog) spool).ledger();
    }

    /** A message to many, in a segment that is not emptied; what was taken of it. */
    private List<QueuedDelivery> manyThatStay() throws InterruptedException {
        SpoolId many = accept(octets(0, 100), recipients(RECIPIENTS));
        for (int i = 0; i < 4; i++) {
            accept(octets(i, 1020), "waits@x.example");
        }
        return takenOf(many);
    }

    private void onlyTheseAreOpen(List<QueuedDelivery> open) {
        List<Integer> numbers = open.stream().map(each -> each.id().number()).toList();
        SpoolId many = open.getFirst().id().message();
        assertThat(openOf(many)).isEqualTo(numbers);
    }

    private void onlyTheseAreOpenForGood(List<QueuedDelivery> open) throws IOException {
        onlyTheseAreOpen(open);
        spool.close();
        removeCheckpoints();
        open();
        onlyTheseAreOpen(open);
    }

    /** What the compactor tells may come when the segment has been freed and is used anew. */
    @Test
    void whatIsToldOfAnEarlierUseDoesNotCount() throws Exception {
        List<QueuedDelivery> first = manyThatStay();
        fillSegment();
        Segment segment = active();
        var late = new PassedItem(segment);
        long generation = segment.header.generation();
        while (!segment.active || segment.header.generation() == generation) {
            passOne();
        }
        settle(first.subList(0, BEFORE));
        late.tell(ledger());
        for (int i = 0; i < 5; i++) {
            fillSegment();
        }
        onlyTheseAreOpenForGood(first.subList(BEFORE, RECIPIENTS));
    }

    /** As memory or a controller may give it: an octet of the payload, or of the header. */
    @ParameterizedTest
    @ValueSource(ints = {5, -20})
    void whatWasReadWronglyOnceIsCopiedLater(int octet) throws Exception {
        List<QueuedDelivery> first = manyThatStay();
        SpoolId many = first.getFirst().id().message();
        fillSegment();
        Map<String, LogEntry.Frame> flipped = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            accept(octets(i, 900), "b@x.example");
            take();
            settle(first.subList(i, i + 1));
            for (LogEntry.Frame frame : frames()) {
                String place = frame.file() + " " + frame.position() + " " + frame.sequence();
                if (isOf(frame, many) && flipped.putIfAbsent(place, frame) == null) {
                    flip(frame, octet);
                }
            }
            fillSegment();
        }
        platform.time().sleep(Duration.ofSeconds(20));
        for (LogEntry.Frame frame : flipped.values()) {
            flip(frame, octet);
        }
        platform.time().sleep(Duration.ofHours(1));
        onlyTheseAreOpenForGood(first.subList(20, RECIPIENTS));
    }

    private static boolean isOf(LogEntry.Frame frame, SpoolId message) {
        return frame.records().stream()
                .anyMatch(
                        each ->
                                each instanceof LogRecord.Settled settled
                                        && settled.delivery().message().equals(message));
    }

    /** With the ends of its deliveries a message may get longer than a segment. */
    @Test
    void whatFitsNoSegmentStaysWhereItIs() throws Exception {
        SpoolId many = accept(octets(0, 100), recipients(81));
        for (QueuedDelivery each : take()) {
            if (each.id().number() > 0) {
                settle(List.of(each));
            }
        }
        for (int i = 0; i < 20; i++) {
            accept(octets(i, 900), "waits@x.example");
            take();
            fillSegment();
        }
        platform.time().sleep(Duration.ofHours(1));
        spool.close();
        removeCheckpoints();
        for (String name : segmentNames().toList()) {
            assertThat(platform.disk().contents(DIRECTORY.resolve(name)))
                    .hasSizeLessThanOrEqualTo(TINY.segmentOctets());
        }
        open();
        assertThat(openOf(many)).containsExactly(0);
    }

    /**
     * Each look at a segment that is not freed made a copy of each, and each was copied in turn.
     */
    @ParameterizedTest
    @ValueSource(ints = {100, -20})
    void lastRecordsAreCopiedOnce(int octet) throws Exception {
        for (int i = 0; i < ENDED; i++) {
            accept(octets(i, 100), "a@x.example");
        }
        for (int i = 0; i < STAYING; i++) {
            accept(octets(i, 1020), "waits@x.example");
        }
        List<QueuedDelivery> first = take();
        List<SpoolId> damaged = new ArrayList<>();
        for (QueuedDelivery ends : first.subList(0, ENDED)) {
            fillSegment();
            damaged.add(accept(octets(damaged.size(), 900), "a@x.example"));
            settle(List.of(ends));
        }
        fillSegment();
        spool.close();
        damage(damaged, octet);
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

    /** What waits is tried now and then. */
    private void deferAllBut(List<SpoolId> damaged) throws InterruptedException {
        for (QueuedDelivery delivery : take()) {
            if (!damaged.contains(delivery.id().message())) {
                assertThat(spool.settle(List.of(deferred(delivery, List.of(0), LATER)))).isTrue();
            }
        }
    }
}

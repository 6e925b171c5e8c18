package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the log at the start and makes the index of it; docs/spool-format.md section 7 has the
 * steps. Changes nothing on disk that a second start would see differently.
 */
final class Recovery {
    private static final Logger LOG = System.getLogger(Recovery.class.getName());
    private static final int COPY_OCTETS = 1 << 20;
    private static final int LOST_TOLD_MAX = 1000;
    private static final long TELL_EVERY_NANOS = 1_000_000_000;

    private final SegmentFiles files;
    private final BulkRecovery bulk;
    private final Quarantine quarantine;
    private final Map<Long, Pending> contents = new HashMap<>();
    private final TimeSource time;
    private final SegmentFiles.Opened opened;
    private final long epoch;
    private Ledger ledger;

    /** Where reading begins; nowhere special without a checkpoint. */
    private Snapshot from = new Snapshot(0, 0, 0, 0, List.of(), List.of());

    private long needed;
    private List<Long> lost = List.of();
    private long toldAt;

    /**
     * Messages that lack content: settled ones, or damage; known once all was read. With the number
     * of chunks that bulk segments lack.
     */
    private final Map<Long, Integer> incomplete = new TreeMap<>();

    /** Segments in use by their generations. */
    private final Map<Long, Segment> inUse = new HashMap<>();

    private final List<Segment> used = new ArrayList<>();
    private long nextSequence = 1;
    private long lastId;
    private long octetsRead;
    private long octetsCut;
    private long damaged;
    private long setAside;

    /** Chunks of a content whose commit was not read yet. */
    private static final class Pending {
        final ChunkList chunks = new ChunkList();
        boolean incomplete;
    }

    /** Opens the files; the index is empty until {@link #run}. */
    Recovery(
            SegmentFiles files,
            BulkRecovery bulk,
            Quarantine quarantine,
            TimeSource time,
            long cacheOctets)
            throws IOException {
        this.files = files;
        this.time = time;
        this.bulk = bulk;
        this.quarantine = quarantine;
        opened = files.openAll();
        bulk.open();
        damaged = opened.damaged();
        long lastEpoch = 0;
        List<Segment> free = new ArrayList<>();
        for (Segment segment : opened.segments()) {
            SegmentHeader header = segment.header;
            lastEpoch = Math.max(lastEpoch, header.epoch());
            lastId = Math.max(lastId, header.lastId());
            nextSequence = Math.max(nextSequence, header.firstSequence());
            files.generationSeen(header.generation());
            (header.inUse() ? used : free).add(segment);
        }
        epoch = (opened.isAnyLost() ? Math.max(lastEpoch, minutes()) : lastEpoch) + 1;
        files.epoch(epoch);
        ledger = new Ledger(new Index(time, epoch), new ContentCache(cacheOctets));
        for (Segment segment : free) {
            files.adoptFree(segment);
        }
        used.sort(Comparator.comparingLong(segment -> segment.header.generation()));
        used.forEach(segment -> inUse.put(segment.header.generation(), segment));
    }

    /** Begins with the newest checkpoint that can be used. */
    void load(Checkpoints checkpoints) throws IOException {
        for (int number : checkpoints.numbers()) {
            Index index = new Index(time, epoch);
            var reader =
                    new CheckpointReader(index, inUse, opened.generations(), opened.mended(), bulk);
            CheckpointReader.Loaded loaded = checkpoints.load(number, reader);
            if (loaded != null) {
                ledger = new Ledger(index, ledger.cache);
                begin(loaded);
                return;
            }
            used.forEach(Segment::unused);
            checkpoints.discard(number);
        }
    }

    private void begin(CheckpointReader.Loaded loaded) {
        from = loaded.from();
        needed = loaded.needed();
        nextSequence = Math.max(nextSequence, from.sequence() + 1);
        lastId = Math.max(lastId, from.lastId());
        for (Snapshot.InUse missing : loaded.missing()) {
            damaged++;
            LOG.log(
                    Level.ERROR,
                    "segment-{0} of generation {1} is missing; the last checkpoint has it",
                    missing.file(),
                    Long.toString(missing.generation()));
        }
        lost = loaded.lost();
        for (long id : lost.subList(0, Math.min(LOST_TOLD_MAX, lost.size()))) {
            LOG.log(Level.ERROR, "message {0} is lost with its segment", new SpoolId(id));
        }
    }

    Ledger ledger() {
        return ledger;
    }

    long nextSequence() {
        return nextSequence;
    }

    long lastId() {
        return lastId;
    }

    RecoveryReport report() {
        Index index = ledger.index;
        return new RecoveryReport(
                index.messageCount(),
                index.table.count(),
                octetsRead,
                octetsCut,
                damaged,
                setAside);
    }

    /** Reads all segments in use. */
    void run() throws IOException {
        used.forEach(ledger::add);
        for (int i = 0; i < used.size(); i++) {
            Segment segment = used.get(i);
            long end = Long.MAX_VALUE;
            boolean adjoins = false;
            if (i + 1 < used.size()) {
                SegmentHeader next = used.get(i + 1).header;
                end = next.firstSequence();
                adjoins = next.generation() == segment.header.generation() + 1;
                segment.endSequence = adjoins ? end : 0;
            }
            if (segment.header.generation() >= from.generation()) {
                read(segment, end, adjoins);
                tellProgress(i + 1);
            }
        }
        if (opened.isAnyLost()) {
            files.generationSeen(skipped(files.lastGeneration()));
            nextSequence = skipped(nextSequence);
            lastId = skipped(lastId);
        }
        contents.clear();
        setAsideIncomplete();
        ledger.countAll();
        freeSegments();
        if (damaged == 0 && setAside == 0) { // otherwise, a file may have lost who refers to it
            bulk.deleteUnused();
        }
    }

    /**
     * A number that a segment which can't be read has not used, unless the clock went back: there
     * never is more than one generation, frame or id a nanosecond.
     */
    private long skipped(long last) {
        return Math.max(last, IdSource.floor(time));
    }

    /** There is less than one start a minute, and an epoch has 31 bits. */
    private long minutes() {
        return Duration.between(Instant.EPOCH, time.now()).toMinutes();
    }

    private void tellProgress(int segments) {
        long now = time.nanos();
        if (segments == 1) {
            toldAt = now;
        } else if (now - toldAt >= TELL_EVERY_NANOS) {
            toldAt = now;
            LOG.log(
                    Level.INFO,
                    "reading the queue: {0} of {1} segments, {2} messages so far",
                    segments,
                    used.size(),
                    ledger.index.messageCount());
        }
    }

    private void read(Segment segment, long end, boolean adjoins) throws IOException {
        boolean begun = segment.header.generation() == from.generation();
        long start = begun ? from.position() : SegmentHeader.FRAMES_AT;
        long first = begun ? from.sequence() + 1 : segment.header.firstSequence();
        List<SegmentScan.Found> found = SegmentScan.scan(segment, start);
        TailRule.Judgement judgement =
                TailRule.judge(found, new TailRule.Bounds(first, end, adjoins, needed));
        if (judgement.damaged() > 0) {
            damaged += judgement.damaged();
            LOG.log(Level.ERROR, "{0}: {1} frames are damaged", segment, judgement.damaged());
            segment.kept = !quarantine.keep(segment, start, found, judgement);
        }
        secure(segment, judgement);
        erase(segment, judgement.erased());
        octetsRead += segment.header.segmentOctets() - start;
        octetsCut += judgement.erasedOctets();
        nextSequence = Math.max(nextSequence, judgement.next());
        segment.endSequence = Math.max(segment.endSequence, judgement.next());
        for (SegmentScan.Found frame : judgement.good()) {
            apply(segment, frame);
        }
    }

    /**
     * Overwrites the tail with the octets that were read, and forces it: after a failed force they
     * may have come from memory only.
     */
    private static void secure(Segment segment, TailRule.Judgement judgement) throws IOException {
        long from = Long.MAX_VALUE;
        long to = 0;
        for (SegmentScan.Found frame : judgement.good()) {
            if (frame.sequence() > judgement.forced()) {
                from = Math.min(from, frame.position());
                to = frame.end();
            }
        }
        if (from >= to) {
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate((int) Math.min(COPY_OCTETS, to - from));
        for (long at = from; at < to; at += copy.limit()) {
            copy.clear().limit((int) Math.min(copy.capacity(), to - at));
            segment.file.read(copy, at);
            segment.file.write(copy.flip(), at);
        }
        segment.file.force();
    }

    private static void erase(Segment segment, List<SegmentScan.Found> frames) throws IOException {
        if (frames.isEmpty()) {
            return;
        }
        LOG.log(Level.INFO, "{0}: {1} frames behind the cut", segment, frames.size());
        for (SegmentScan.Found frame : frames) {
            segment.file.write(ByteBuffer.allocate(Frame.HEADER_OCTETS), frame.position());
        }
        segment.file.force();
    }

    private void apply(Segment segment, SegmentScan.Found frame) {
        lastId = Math.max(lastId, frame.id());
        switch (frame.type()) {
            case Frame.CHUNK -> {
                Pending content = contents.computeIfAbsent(frame.id(), id -> new Pending());
                if (frame.number() == 0) {
                    content = new Pending(); // an earlier copy was not committed
                    contents.put(frame.id(), content);
                }
                content.incomplete |= frame.number() != content.chunks.count();
                content.chunks.add(segment, frame.position(), frame.length());
            }
            case Frame.COMMIT -> applyCommit(segment, frame);
            default -> {
                segment.kept = true;
                LOG.log(Level.WARNING, "{0}: a frame of type {1}", segment, frame.type());
            }
        }
    }

    private static Ledger.Place place(Segment segment, SegmentScan.Found frame, int octets) {
        return new Ledger.Place(segment, frame.position(), octets);
    }

    private void applyCommit(Segment segment, SegmentScan.Found frame) {
        var records = new OctetReader(frame.payload(), 0, frame.length());
        long id = frame.id();
        lastId = Math.max(lastId, id + Math.max(0, frame.number() - 1));
        try {
            while (!records.isAtEnd()) {
                int start = records.position();
                switch (records.octet()) {
                    case AcceptRecord.KIND -> {
                        AcceptRecord record = AcceptRecord.read(records);
                        accepted(id++, record, place(segment, frame, records.position() - start));
                    }
                    case SettleRecord.KIND -> {
                        SettleRecord record = SettleRecord.read(records);
                        settled(record, place(segment, frame, records.position() - start));
                    }
                    default -> throw new OctetReader.Malformed("a record of an unknown kind");
                }
            }
        } catch (OctetReader.Malformed | IllegalArgumentException | DateTimeException e) {
            damaged++;
            segment.kept = true;
            LOG.log(Level.ERROR, segment + ": a commit makes no sense at " + frame.position(), e);
        }
    }

    private void accepted(long id, AcceptRecord record, Ledger.Place place) {
        forget(id); // moved: this record is newer
        Segment source = inUse.get(record.movedFrom());
        if (source != null && source != place.segment()) {
            boolean unused = source.notePreceded(place.segment());
        }
        Pending content = contents.remove(record.contentId() == 0 ? id : record.contentId());
        ChunkList chunks = content == null ? new ChunkList() : content.chunks;
        AcceptRecord.Body body = record.body();
        boolean complete =
                body.bulk().isEmpty() ? isComplete(content, body) : bulk.find(body, chunks);
        boolean isBulk = !body.bulk().isEmpty();
        for (DeliveryRow row : ledger.index.recover(record.arrived(id, place.octets()))) {
            row.accept(place.segment().slot, place.position());
            row.set(DeliveryRow.BULK, isBulk);
            if (!isBulk && chunks.count() > 0) {
                row.chunk(chunks.segment(0).slot, chunks.position(0));
            }
        }
        if (isBulk) {
            ledger.index.bulk.put(id, chunks);
        }
        if (!complete) {
            incomplete.put(id, isBulk ? body.chunkCount() - chunks.count() : 0);
        }
    }

    private void forget(long id) {
        for (DeliveryRow row = ledger.index.row(id); row != null; row = ledger.index.row(id)) {
            boolean unused = ledger.index.remove(row);
        }
        ledger.index.bulk.remove(id);
        incomplete.remove(id);
    }

    private static boolean isComplete(@Nullable Pending content, AcceptRecord.Body body) {
        if (content == null) {
            return body.chunkCount() == 0;
        }
        return !content.incomplete
                && content.chunks.count() == body.chunkCount()
                && content.chunks.octets() == body.octets();
    }

    /**
     * A settled message may have lost content: a segment of its chunks is freed as soon as nothing
     * else is live there, while the segment of its accept record may still be in use. Any other is
     * damage: never delivered in half, never forgotten.
     */
    private void setAsideIncomplete() {
        for (int i = 0; i < ledger.index.table.pageCount(); i++) {
            DeliveryTable.Page page = ledger.index.table.page(i);
            for (int at = 0; at < page.count; at++) {
                DeliveryRow row = new DeliveryRow(page, i, at);
                if (row.is(DeliveryRow.STATELESS | DeliveryRow.ASIDE)) {
                    incomplete.putIfAbsent(row.id(), 0);
                }
            }
        }
        for (long id : incomplete.keySet()) {
            List<DeliveryRow> rows = ledger.index.table.rowsOf(id);
            if (!rows.isEmpty()) {
                LOG.log(
                        Level.ERROR,
                        "message {0} lacks part of its content and is set aside",
                        new SpoolId(id));
                setAside++;
                damaged += incomplete.getOrDefault(id, 0);
                rows.forEach(ledger.index::setAside);
            }
        }
        incomplete.clear();
    }

    private void settled(SettleRecord record, Ledger.Place place) {
        DeliveryRow row = ledger.index.table.find(record.message(), record.delivery());
        if (record.isDone()) {
            Segment accepted = inUse.get(record.acceptGeneration());
            if (accepted != null) {
                accepted.noteHeld(place.segment(), place.octets());
            }
            if (row != null && ledger.index.remove(row)) {
                ledger.index.bulk.remove(record.message());
            }
        } else if (row != null) {
            row.state(place.segment().slot, place.position(), place.octets());
            ledger.index.update(row, record.progress());
        }
    }

    private void freeSegments() {
        Segment segment = ledger.pollFreeable();
        while (segment != null) {
            try {
                files.release(segment, nextSequence, lastId);
                ledger.freed(segment);
            } catch (IOException e) {
                LOG.log(Level.ERROR, segment + " could not be freed", e);
                ledger.keep(segment);
            }
            segment = ledger.pollFreeable();
        }
    }

    /** The segment to go on in. */
    Segment openFresh() throws IOException {
        try {
            return files.use(nextSequence, lastId, false);
        } catch (IOException e) {
            if (!files.hasFree()) {
                throw e;
            }
            return files.use(nextSequence, lastId, true);
        }
    }
}

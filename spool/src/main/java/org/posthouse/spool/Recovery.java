package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the log at the start and makes the index of it; docs/spool-format.md section 7 has the
 * steps. Changes nothing on disk that a second start would see differently.
 */
final class Recovery {
    private static final Logger LOG = System.getLogger(Recovery.class.getName());
    private static final int COPY_OCTETS = 1 << 20;

    private final SegmentFiles files;
    private final BulkRecovery bulk;
    private final Map<Long, Pending> contents = new HashMap<>();
    private final Ledger ledger;

    /** Messages that lack content: settled ones, or damage; known once all was read. */
    private final List<Incomplete> incomplete = new ArrayList<>();

    private final List<Segment> used = new ArrayList<>();
    private long nextSequence = 1;
    private long lastId;
    private long octetsRead;
    private long octetsCut;
    private long damaged;

    /** A message that lacks content, and where that should be. */
    private record Incomplete(MessageEntry message, AcceptRecord.Body body) {}

    /** Chunks of a content whose commit was not read yet. */
    private static final class Pending {
        final ChunkList chunks = new ChunkList();
        boolean incomplete;
    }

    /** Opens the files; the index is empty until {@link #run}. */
    Recovery(SegmentFiles files, BulkRecovery bulk, TimeSource time, long cacheOctets)
            throws IOException {
        this.files = files;
        this.bulk = bulk;
        SegmentFiles.Opened opened = files.openAll();
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
        long epoch = lastEpoch + 1;
        files.epoch(epoch);
        ledger = new Ledger(new Index(time, epoch), new ContentCache(cacheOctets));
        for (Segment segment : free) {
            files.adoptFree(segment);
        }
        used.sort(Comparator.comparingLong(segment -> segment.header.generation()));
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
                index.messageCount(), index.deliveryCount(), octetsRead, octetsCut, damaged);
    }

    /** Reads all segments in use. */
    void run() throws IOException {
        for (int i = 0; i < used.size(); i++) {
            Segment segment = used.get(i);
            ledger.add(segment);
            long end = Long.MAX_VALUE;
            boolean adjoins = false;
            if (i + 1 < used.size()) {
                SegmentHeader next = used.get(i + 1).header;
                end = next.firstSequence();
                adjoins = next.generation() == segment.header.generation() + 1;
            }
            read(segment, end, adjoins);
        }
        contents.clear();
        setAsideIncomplete();
        ledger.index.giveOutBacklog();
        freeSegments();
        bulk.deleteUnused();
    }

    private void read(Segment segment, long end, boolean adjoins) throws IOException {
        List<SegmentScan.Found> found = SegmentScan.scan(segment);
        TailRule.Judgement judgement =
                TailRule.judge(found, segment.header.firstSequence(), end, adjoins);
        if (judgement.damaged() > 0) {
            segment.kept = true;
            damaged += judgement.damaged();
            LOG.log(
                    Level.ERROR,
                    "{0}: {1} frames are damaged; the segment is kept",
                    segment,
                    judgement.damaged());
        }
        secure(segment, judgement);
        erase(segment, judgement.erased());
        octetsRead += segment.header.segmentOctets();
        octetsCut += judgement.erasedOctets();
        nextSequence = Math.max(nextSequence, judgement.next());
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
                        int octets = records.position() - start;
                        accepted(id++, record, segment, frame.position(), start, octets);
                    }
                    case SettleRecord.KIND -> {
                        SettleRecord record = SettleRecord.read(records);
                        settled(record, segment, records.position() - start);
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

    private void accepted(
            long id, AcceptRecord record, Segment segment, long position, int start, int octets) {
        long contentId = record.contentId() == 0 ? id : record.contentId();
        Pending content = contents.remove(contentId);
        ChunkList chunks = content == null ? new ChunkList() : content.chunks;
        AcceptRecord.Body body = record.body();
        boolean complete =
                body.bulk().isEmpty() ? isComplete(content, body) : bulk.find(body, chunks);
        chunks.live(true);
        segment.liveOctets += octets;
        Extent extent = new Extent(segment, position, start, octets, contentId, chunks);
        DeliveryEntry[] deliveries =
                DeliveryEntry.fresh(
                        Grouping.of(record.envelope(), record.dispositions()), record.dueAt());
        MessageEntry message =
                new MessageEntry(
                        id,
                        record.acceptedAt().toEpochMilli(),
                        record.acceptId(),
                        record.messageOctets(),
                        deliveries,
                        extent);
        ledger.index.recover(message);
        if (!complete) {
            incomplete.add(new Incomplete(message, body));
        }
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
     * damage.
     */
    private void setAsideIncomplete() {
        for (Incomplete each : incomplete) {
            if (each.message.openCount > 0) {
                setAside(each.message);
                bulk.setAside(each.body);
            }
        }
        incomplete.clear();
    }

    /** Part of its content is lost: never delivered in half, never forgotten. */
    private void setAside(MessageEntry message) {
        LOG.log(
                Level.ERROR,
                "message {0} lacks part of its content and is set aside",
                new SpoolId(message.id));
        ledger.index.setAside(message);
        Extent extent = message.extent();
        extent.segment().kept = true;
        extent.chunks().keep();
    }

    private void settled(SettleRecord record, Segment segment, int octets) {
        MessageEntry message = ledger.index.find(record.message());
        DeliveryEntry delivery = delivery(message, record.delivery());
        if (delivery != null) {
            ledger.settled(delivery, record, new Ledger.State(segment, octets));
        }
    }

    private static @Nullable DeliveryEntry delivery(@Nullable MessageEntry message, int number) {
        if (message == null || number < 0 || number >= message.deliveries.length) {
            return null;
        }
        DeliveryEntry delivery = message.deliveries[number];
        return delivery.isDone() ? null : delivery;
    }

    private void freeSegments() {
        Segment segment = ledger.pollFreeable();
        while (segment != null) {
            try {
                files.release(segment, nextSequence, lastId);
                ledger.freed(segment);
            } catch (IOException e) {
                LOG.log(Level.ERROR, segment + " could not be freed", e);
                ledger.add(segment);
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

package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.SpoolId;

import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds what is live in a segment's commits, and makes frames of it for another segment. What is
 * taken is marked as moving in the index; what is being settled, or changed while it was read, is
 * left.
 */
final class LiveCopier {
    private static final Logger LOG = System.getLogger(LiveCopier.class.getName());
    private static final int EXPECTED_OCTETS = 1024;

    private final Index index;
    private final Segment segment;
    private final MessageCopier copier;

    /** Segments in use by generation, as they were at the beginning. */
    private final Map<Long, Segment> inUse;

    private List<Move> moves = new ArrayList<>();

    /** The records of what is no whole message. */
    private OctetWriter shared = new OctetWriter(EXPECTED_OCTETS);

    private int octets;

    LiveCopier(Index index, Segment segment) {
        this.index = index;
        this.segment = segment;
        copier = new MessageCopier(index);
        index.lock.lock();
        try {
            inUse = index.slots.byGeneration();
        } finally {
            index.lock.unlock();
        }
    }

    /** Octets gathered since the last {@link #take}. */
    int octets() {
        return octets;
    }

    /** What was gathered, to be written; null when it is nothing. */
    @Nullable MoveItem take() {
        if (moves.isEmpty()) {
            return null;
        }
        Part commit = shared.count() == 0 ? null : Part.copyCommit(shared, 0, 0);
        MoveItem item = new MoveItem(segment, moves, commit);
        moves = new ArrayList<>();
        shared = new OctetWriter(EXPECTED_OCTETS);
        octets = 0;
        return item;
    }

    /** What was gathered and not taken is not moving any more. */
    void abandonRest() {
        abandon(moves);
        moves = new ArrayList<>();
    }

    /** Nothing came of what was gathered last: it is not moving any more. */
    void abandon(List<Move> given) {
        copier.abandon(given);
    }

    /** Copies what is live in a commit. */
    void copy(SegmentScan.Found frame) {
        var records = new OctetReader(frame.payload(), 0, frame.length());
        long id = frame.id();
        while (!records.isAtEnd()) {
            int start = records.position();
            if (records.octet() == AcceptRecord.KIND) {
                copy(id++, AcceptRecord.read(records), frame.position());
            } else {
                SettleRecord record = SettleRecord.read(records);
                copy(record, frame.position(), records.position() - start);
            }
        }
    }

    private void copy(long id, AcceptRecord record, long position) {
        MessageCopier.Taken taken;
        index.lock.lock();
        try {
            DeliveryRow row = index.row(id);
            if (row == null) {
                return;
            }
            taken = copier.take(new Extent(id, segment, position, index.firstChunk(row)));
        } finally {
            index.lock.unlock();
        }
        if (taken == null) {
            return;
        }
        try {
            AcceptRecord moved = record.moved(segment.header.generation(), record.body());
            Move.Message message = copier.copy(taken, moved, content(taken, record.body()));
            if (copier.mark(taken)) {
                moves.add(message);
                message.chunks().forEach(chunk -> octets += chunk.octets());
                octets += message.commit().octets();
            }
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "message " + new SpoolId(id) + " can't be read and stays", e);
        } finally {
            copier.release(taken);
        }
    }

    private Move.Copied content(MessageCopier.Taken taken, AcceptRecord.Body body) {
        List<Part> chunks = new ArrayList<>();
        if (body.bulk().isEmpty()) {
            long id = taken.id();
            ChunkList places = LogContent.chunks(taken.extent(), body);
            for (int i = 0; i < body.chunkCount(); i++) {
                chunks.add(Part.copyChunk(copier.reader().chunk(places, id, i), id, i));
            }
        }
        return new Move.Copied(chunks, null);
    }

    private void copy(SettleRecord record, long position, int count) {
        index.lock.lock();
        try {
            DeliveryRow row = index.table.find(record.message(), record.delivery());
            if (row == null) {
                copyTombstone(record, position, count);
                return;
            }
            boolean current = row.stateSlot() == segment.slot && row.statePosition() == position;
            boolean busy = row.is(DeliveryRow.SETTLING | DeliveryRow.MOVING);
            if (current && !busy && row.acceptSlot() != segment.slot) {
                row.set(DeliveryRow.MOVING, true);
                share(record, count);
                moves.add(new Move.State(record.message(), record.delivery(), count));
            }
        } finally {
            index.lock.unlock();
        }
    }

    private void copyTombstone(SettleRecord record, long position, int count) {
        if (!record.isDone() || !segment.uncopied.contains(position)) {
            return;
        }
        Segment accepted = inUse.get(record.acceptGeneration());
        if (accepted != null && !accepted.equals(segment)) {
            share(record, count);
            moves.add(new Move.Tombstone(accepted, record.acceptGeneration(), count));
        }
    }

    private void share(SettleRecord record, int count) {
        record.write(shared);
        octets += count;
    }
}

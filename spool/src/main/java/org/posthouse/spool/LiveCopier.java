package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds what is live in a segment's commits, and makes frames of it for another segment. What is
 * taken is marked as moving in the index; what is being settled, or changed while it was read, is
 * left.
 */
final class LiveCopier {
    private static final int EXPECTED_OCTETS = 1024;

    private final Index index;
    private final Segment segment;
    private final LogReader reader = new LogReader();

    /** Segments in use by generation, as they were at the beginning. */
    private final Map<Long, Segment> inUse;

    private List<Move> moves = new ArrayList<>();

    /** The records of what is no whole message. */
    private OctetWriter shared = new OctetWriter(EXPECTED_OCTETS);

    private int octets;

    LiveCopier(Index index, Segment segment) {
        this.index = index;
        this.segment = segment;
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
        index.lock.lock();
        try {
            for (Move move : given) {
                switch (move) {
                    case Move.Message message -> mark(message.id(), false);
                    case Move.State state -> {
                        DeliveryRow row = index.table.find(state.id(), state.number());
                        if (row != null) {
                            row.set(DeliveryRow.MOVING, false);
                        }
                    }
                    case Move.Tombstone tombstone -> {}
                }
            }
            index.movesEnded();
        } finally {
            index.lock.unlock();
        }
    }

    private void mark(long id, boolean moving) {
        index.table.rowsOf(id).forEach(row -> row.set(DeliveryRow.MOVING, moving));
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
        List<Move.Delivery> deliveries = new ArrayList<>();
        ChunkList first;
        index.lock.lock();
        try {
            List<DeliveryRow> rows = index.table.rowsOf(id);
            if (!isMovable(rows, position)) {
                return;
            }
            for (DeliveryRow row : rows) {
                Segment state = row.stateSlot() == 0 ? null : index.slots.get(row.stateSlot());
                deliveries.add(new Move.Delivery(row.number(), state, row.statePosition(), 0));
            }
            pin(deliveries, 1);
            first = index.firstChunk(rows.getFirst());
        } finally {
            index.lock.unlock();
        }
        Move.Message message = null;
        try {
            message = read(new Extent(id, segment, position, first), record, deliveries);
        } finally {
            settle(message, deliveries, position);
        }
    }

    private boolean isMovable(List<DeliveryRow> rows, long position) {
        int never = DeliveryRow.ASIDE | DeliveryRow.SETTLING | DeliveryRow.MOVING;
        return !rows.isEmpty()
                && rows.getFirst().acceptSlot() == segment.slot
                && rows.getFirst().acceptPosition() == position
                && rows.stream().noneMatch(row -> row.is(never));
    }

    private static void pin(List<Move.Delivery> deliveries, int readers) {
        for (Move.Delivery delivery : deliveries) {
            if (delivery.from() != null) {
                delivery.from().readers += readers;
            }
        }
    }

    /** Takes a message that was read, if its rows are still the same. */
    private void settle(Move.@Nullable Message message, List<Move.Delivery> before, long position) {
        index.lock.lock();
        try {
            pin(before, -1);
            if (message == null) {
                return;
            }
            List<DeliveryRow> rows = index.table.rowsOf(message.id());
            boolean same = isMovable(rows, position) && rows.size() == before.size();
            for (int i = 0; i < rows.size() && same; i++) {
                same = before.get(i).isOf(rows.get(i));
            }
            if (same) {
                mark(message.id(), true);
                moves.add(message);
                message.chunks().forEach(chunk -> octets += chunk.octets());
                octets += message.commit().octets();
            }
        } finally {
            index.lock.unlock();
        }
    }

    private Move.Message read(Extent extent, AcceptRecord record, List<Move.Delivery> deliveries) {
        long id = extent.id();
        List<Part> chunks = new ArrayList<>();
        AcceptRecord.Body body = record.body();
        if (body.bulk().isEmpty()) {
            ChunkList places = LogContent.chunks(extent, body);
            for (int i = 0; i < body.chunkCount(); i++) {
                chunks.add(Part.copyChunk(reader.chunk(places, id, i), id, i));
            }
        }
        var records = new OctetWriter(EXPECTED_OCTETS);
        record.moved(segment.header.generation()).write(records);
        List<Move.Delivery> states = new ArrayList<>();
        int count = record.deliveryCount();
        int next = 0;
        for (int number = 0; number < count; number++) {
            boolean open = next < deliveries.size() && deliveries.get(next).number() == number;
            if (open) {
                states.add(copyState(id, deliveries.get(next++), records));
            } else {
                SettleRecord.done(id, number).write(records);
            }
        }
        return new Move.Message(id, states, chunks, Part.copyCommit(records, id, 1));
    }

    private Move.Delivery copyState(long id, Move.Delivery delivery, OctetWriter records) {
        Segment from = delivery.from();
        if (from == null) {
            return delivery;
        }
        Extent extent = new Extent(id, from, delivery.position(), new ChunkList());
        int before = records.count();
        reader.state(extent, delivery.number()).acceptedHere().write(records);
        int count = records.count() - before;
        return new Move.Delivery(delivery.number(), from, delivery.position(), count);
    }

    private void copy(SettleRecord record, long position, int count) {
        index.lock.lock();
        try {
            DeliveryRow row = index.table.find(record.message(), record.delivery());
            if (row == null) {
                copyTombstone(record, count);
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

    private void copyTombstone(SettleRecord record, int count) {
        Segment accepted = inUse.get(record.acceptGeneration());
        if (record.isDone() && accepted != null && !accepted.equals(segment)) {
            share(record, count);
            moves.add(new Move.Tombstone(accepted, record.acceptGeneration(), count));
        }
    }

    private void share(SettleRecord record, int count) {
        record.write(shared);
        octets += count;
    }
}

package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes the records anew that a whole message has in the log: its accept record, and the state of
 * each of its deliveries. It is taken and pinned, copied, and then marked as moving if it is still
 * the same.
 */
final class MessageCopier {
    private static final int EXPECTED_OCTETS = 1024;

    /** Deliveries with any of these are left alone. */
    private static final int NEVER = DeliveryRow.ASIDE | DeliveryRow.SETTLING | DeliveryRow.MOVING;

    private final Index index;
    private final LogReader reader = new LogReader();

    MessageCopier(Index index) {
        this.index = index;
    }

    /**
     * A message as it was when it was taken; what it has in segments is pinned.
     *
     * @param extent where its accept record and its content lie
     * @param deliveries its rows
     */
    record Taken(Extent extent, List<Move.Delivery> deliveries) {
        Taken {
            deliveries = List.copyOf(deliveries);
        }

        long id() {
            return extent.id();
        }

        boolean isStill(List<DeliveryRow> rows) {
            boolean same = isMovable(rows, extent) && rows.size() == deliveries.size();
            for (int i = 0; i < rows.size() && same; i++) {
                same = deliveries.get(i).isOf(rows.get(i));
            }
            return same;
        }
    }

    LogReader reader() {
        return reader;
    }

    /**
     * Takes a message, if its accept record is that at the extent and it may be moved; the caller
     * holds the index' lock.
     */
    @Nullable Taken take(Extent extent) {
        List<DeliveryRow> rows = index.table.rowsOf(extent.id());
        if (!isMovable(rows, extent)) {
            return null;
        }
        List<Move.Delivery> deliveries = new ArrayList<>();
        for (DeliveryRow row : rows) {
            Segment state = row.stateSlot() == 0 ? null : index.slots.get(row.stateSlot());
            deliveries.add(new Move.Delivery(row.number(), state, row.statePosition(), 0));
        }
        Taken taken = new Taken(extent, deliveries);
        pin(taken, 1);
        return taken;
    }

    private static boolean isMovable(List<DeliveryRow> rows, Extent extent) {
        return !rows.isEmpty()
                && rows.getFirst().acceptSlot() == extent.segment().slot
                && rows.getFirst().acceptPosition() == extent.position()
                && rows.stream().noneMatch(row -> row.is(NEVER));
    }

    private static void pin(Taken taken, int readers) {
        pin(taken.extent.segment(), readers);
        for (Move.Delivery delivery : taken.deliveries) {
            if (delivery.from() != null) {
                pin(delivery.from(), readers);
            }
        }
        for (int run = 0; run < taken.extent.chunks().runs(); run++) {
            pin(taken.extent.chunks().runSegment(run), readers);
        }
    }

    private static void pin(Segment segment, int readers) {
        segment.readers += readers;
        if (segment.readers == 0) {
            segment.emptied();
        }
    }

    /** Lets go of what was taken. */
    void release(Taken taken) {
        index.lock.lock();
        try {
            pin(taken, -1);
        } finally {
            index.lock.unlock();
        }
    }

    /** Marks a message as moving; false when it was changed since it was taken. */
    boolean mark(Taken taken) {
        index.lock.lock();
        try {
            List<DeliveryRow> rows = index.table.rowsOf(taken.id());
            boolean same = taken.isStill(rows);
            if (same) {
                rows.forEach(row -> row.set(DeliveryRow.MOVING, true));
            }
            return same;
        } finally {
            index.lock.unlock();
        }
    }

    /** Nothing came of these: they are not moving any more. */
    void abandon(List<Move> moves) {
        index.lock.lock();
        try {
            for (Move move : moves) {
                switch (move) {
                    case Move.Message message ->
                            index.table
                                    .rowsOf(message.id())
                                    .forEach(row -> row.set(DeliveryRow.MOVING, false));
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

    /**
     * The records of a message anew.
     *
     * @param record its accept record, as it is to be written
     */
    Move.Message copy(Taken taken, AcceptRecord record, Move.Copied content) {
        long id = taken.id();
        var records = new OctetWriter(EXPECTED_OCTETS);
        record.write(records);
        List<Move.Delivery> states = new ArrayList<>();
        int count = record.deliveryCount();
        int next = 0;
        for (int number = 0; number < count; number++) {
            boolean open =
                    next < taken.deliveries.size() && taken.deliveries.get(next).number() == number;
            if (open) {
                states.add(copyState(id, taken.deliveries.get(next++), records));
            } else {
                SettleRecord.done(id, number).write(records);
            }
        }
        return new Move.Message(id, states, content, Part.copyCommit(records, id, 1));
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
}

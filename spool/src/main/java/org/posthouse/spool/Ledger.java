package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What is live where: brings forced commits into the index, and knows which segments may be freed
 * (docs/spool-format.md section 6). The recovery fills it, then it is the committer's.
 */
final class Ledger {
    final Index index;
    final ContentCache cache;
    private final List<Segment> segments = new ArrayList<>();

    Ledger(Index index, ContentCache cache) {
        this.index = index;
        this.cache = cache;
    }

    /** A segment is in use from now on. */
    void add(Segment segment) {
        segments.add(segment);
        index.lock.lock();
        try {
            if (segment.slot == 0) {
                index.slots.add(segment);
            }
        } finally {
            index.lock.unlock();
        }
    }

    /** The segments in use, in the order of their generations. */
    List<Segment> segments() {
        return segments;
    }

    /** A commit is forced; the caller holds the index' lock. */
    void committed(CommitItem item, Segment segment) {
        List<Arrival> arrivals = item.arrivals;
        for (int i = 0; i < arrivals.size(); i++) {
            arrived(arrivals.get(i), item.firstId + i, segment, item.position());
        }
        for (int i = 0; i < item.settlements.size(); i++) {
            settled(
                    item.settlements.get(i),
                    new Place(segment, item.position(), item.settlementOctets[i]));
        }
    }

    private void arrived(Arrival arrival, long id, Segment segment, long position) {
        List<DeliveryRow> rows = index.add(arrival.arrived(id));
        for (DeliveryRow row : rows) {
            row.accept(segment.slot, position);
            row.set(DeliveryRow.BULK, arrival.isBulk());
            if (!arrival.chunks.isEmpty()) {
                row.chunk(segment.slot, arrival.chunks.getFirst().position);
            }
        }
        if (arrival.isBulk()) {
            ChunkList chunks = arrival.sink.inBulk();
            chunks.live(true);
            index.bulk.put(id, chunks);
        }
        live(rows.getFirst(), 1);
        ContentCache.Cached cached = arrival.cached(id);
        if (cached != null) {
            cache.put(id, cached);
        }
    }

    /**
     * A record's place.
     *
     * @param position of the frame that holds it
     * @param octets what it counts as live
     */
    record Place(Segment segment, long position, int octets) {}

    /** A settlement is forced; the caller holds the index' lock. */
    void settled(SettleRecord record, Place place) {
        DeliveryRow row = index.table.find(record.message(), record.delivery());
        if (row == null) {
            return; // marked as being settled, so it is here
        }
        if (!record.isDone()) {
            moveState(row, place);
            index.update(row, record.progress());
            return;
        }
        dropState(row);
        index.slots.get(row.acceptSlot()).hold(place.segment, place.octets);
        done(row);
    }

    /** Copies are forced: what they are of is there now; the caller holds the index' lock. */
    void moved(MoveItem item, Segment to) {
        long shared = item.shared == null ? 0 : item.shared.position;
        for (Move move : item.moves) {
            switch (move) {
                case Move.Message message -> moved(message, item.from, to);
                case Move.State state -> {
                    DeliveryRow row = index.table.find(state.id(), state.number());
                    if (row != null) { // marked as moving, so it is here
                        moveState(row, new Place(to, shared, state.octets()));
                        row.set(DeliveryRow.MOVING, false);
                    }
                }
                case Move.Tombstone tombstone -> {
                    Segment accepted = tombstone.accepted();
                    SegmentHeader now = accepted.header;
                    if (now.inUse() && now.generation() == tombstone.generation()) {
                        accepted.hold(to, tombstone.octets());
                    }
                }
            }
        }
        index.movesEnded();
    }

    private void moved(Move.Message message, Segment from, Segment to) {
        List<DeliveryRow> rows = index.table.rowsOf(message.id());
        logOctets(rows.getFirst(), -1);
        for (DeliveryRow row : rows) {
            row.accept(to.slot, message.commit().position);
            if (!message.chunks().isEmpty()) {
                row.chunk(to.slot, message.chunks().getFirst().position);
            }
            row.set(DeliveryRow.MOVING, false);
        }
        logOctets(rows.getFirst(), 1);
        for (int i = 0; i < rows.size(); i++) {
            Move.Delivery delivery = message.deliveries().get(i);
            if (delivery.from() != null) {
                moveState(rows.get(i), new Place(to, message.commit().position, delivery.octets()));
            }
        }
        ChunkList bulk = message.content().bulk();
        if (bulk != null) {
            bulk.live(true); // first: most of it may lie where it was
            ChunkList before = index.bulk.put(message.id(), bulk);
            if (before != null) {
                before.live(false);
            }
        }
        cache.forgetRead(message.id());
        from.precede(to); // the old records must not outlive the new
    }

    /** All last settle records in a segment are forced elsewhere, too. */
    void passed(Segment passed) {
        index.lock.lock();
        try {
            segments.forEach(segment -> segment.letGo(passed));
        } finally {
            index.lock.unlock();
        }
    }

    private void moveState(DeliveryRow row, Place to) {
        dropState(row);
        row.state(to.segment.slot, to.position, to.octets);
        to.segment.liveOctets += row.stateOctets();
    }

    private void dropState(DeliveryRow row) {
        if (row.stateSlot() != 0) {
            index.slots.get(row.stateSlot()).liveOctets -= row.stateOctets();
        }
    }

    private void done(DeliveryRow row) {
        long id = row.id();
        if (!index.table.hasSibling(row)) {
            live(row, -1);
            index.bulk.remove(id);
            cache.remove(id);
        }
        boolean unused = index.remove(row);
    }

    /** Counts accept record and content chunk of a message as live, or no longer. */
    private void live(DeliveryRow row, int sign) {
        logOctets(row, sign);
        ChunkList chunks = sign < 0 ? index.bulk.get(row.id()) : null;
        if (chunks != null) {
            chunks.live(false);
        }
    }

    private void logOctets(DeliveryRow row, int sign) {
        index.slots.get(row.acceptSlot()).liveOctets += sign * row.acceptOctets();
        if (row.chunkSlot() != 0) {
            index.slots.get(row.chunkSlot()).liveOctets += sign * chunkOctets(row);
        }
    }

    /** What the content of a message in the log counts: roughly what it takes. */
    private static long chunkOctets(DeliveryRow row) {
        return Frame.octetsFor((int) row.octets());
    }

    /** Counts all that the index holds; at the start, when nothing was counted before. */
    void countAll() {
        long before = 0;
        for (int i = 0; i < index.table.pageCount(); i++) {
            DeliveryTable.Page page = index.table.page(i);
            for (int at = 0; at < page.count; at++) {
                DeliveryRow row = new DeliveryRow(page, i, at);
                if (row.stateSlot() != 0) {
                    index.slots.get(row.stateSlot()).liveOctets += row.stateOctets();
                }
                if (row.id() != before) {
                    live(row, 1);
                }
                before = row.id();
            }
        }
        index.bulk.values().forEach(chunks -> chunks.live(true));
        for (Segment segment : segments) {
            segment.holds.forEach((in, octets) -> in.liveOctets += octets);
            segment.followers.forEach(next -> next.liveOctets += Segment.FOLLOWER_OCTETS);
        }
    }

    /** Where the log stands, with what is in use. */
    Snapshot snapshot(Snapshot at, boolean holding) {
        List<Snapshot.InUse> inUse = new ArrayList<>();
        List<Snapshot.Hold> holds = new ArrayList<>();
        for (Segment segment : segments) {
            long generation = segment.header.generation();
            inUse.add(new Snapshot.InUse(segment.number, generation));
            segment.holds.forEach(
                    (in, octets) ->
                            holds.add(
                                    new Snapshot.Hold(generation, in.header.generation(), octets)));
            for (Segment next : segment.followers) {
                holds.add(Snapshot.Hold.order(generation, next.header.generation()));
            }
        }
        if (holding) {
            index.lock.lock();
            try {
                index.slots.hold();
                index.domains.hold();
            } finally {
                index.lock.unlock();
            }
        }
        return new Snapshot(
                at.sequence(), at.lastId(), at.generation(), at.position(), inUse, holds);
    }

    /** Takes a segment that may be freed out of the list; null when there is none. */
    @Nullable Segment pollFreeable() {
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            boolean empty = segment.liveOctets == 0 && !segment.active && !segment.kept;
            if (empty && unread(segment)) {
                segments.remove(i);
                return segment;
            }
        }
        return null;
    }

    private boolean unread(Segment segment) {
        index.lock.lock();
        try {
            return segment.readers == 0;
        } finally {
            index.lock.unlock();
        }
    }

    /** It could not be freed. */
    void keep(Segment segment) {
        segments.add(segment);
    }

    /** The disk knows that the segment is free: what was live for its sake is dead. */
    void freed(Segment segment) {
        segment.letGo();
        index.lock.lock();
        try {
            index.slots.remove(segment);
        } finally {
            index.lock.unlock();
        }
    }
}

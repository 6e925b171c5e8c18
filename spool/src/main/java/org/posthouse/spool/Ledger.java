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
    }

    /** A commit is forced; the caller holds the index' lock. */
    void committed(CommitItem item, Segment segment) {
        List<Arrival> arrivals = item.arrivals;
        for (int i = 0; i < arrivals.size(); i++) {
            Arrival arrival = arrivals.get(i);
            long id = item.firstId + i;
            segment.liveOctets += arrival.recordOctets;
            index.add(arrival.entry(id, segment, item.commit().position));
            ContentCache.Cached cached = arrival.cached(id);
            if (cached != null) {
                cache.put(id, cached);
            }
        }
        for (int i = 0; i < item.settlementOctets.length; i++) {
            settled(
                    item.marked.get(i),
                    item.settlements.get(i),
                    new State(segment, item.settlementOctets[i]));
        }
    }

    /** Where the record of a delivery's state lies, and what it counts. */
    record State(Segment segment, int octets) {}

    /** A settlement is forced; the caller holds the index' lock. */
    void settled(DeliveryEntry delivery, SettleRecord record, State state) {
        dropState(delivery);
        delivery.stateSegment = state.segment;
        delivery.stateOctets = state.octets;
        state.segment.liveOctets += state.octets;
        if (index.apply(delivery, record.open(), record.progress())) {
            messageDone(delivery.message);
        }
    }

    private static void dropState(DeliveryEntry delivery) {
        if (delivery.stateSegment != null) {
            delivery.stateSegment.liveOctets -= delivery.stateOctets;
            delivery.stateSegment = null;
        }
    }

    private void messageDone(MessageEntry message) {
        cache.remove(message.id);
        Extent extent = message.extent();
        extent.chunks().live(false);
        Segment accepted = extent.segment();
        accepted.liveOctets -= extent.recordOctets();
        for (DeliveryEntry delivery : message.deliveries) {
            Segment state = delivery.stateSegment;
            if (state == accepted) {
                dropState(delivery);
            } else if (state != null) {
                accepted.settledIn.merge(state, (long) delivery.stateOctets, Long::sum);
            }
        }
    }

    /** Takes a segment that may be freed out of the list; null when there is none. */
    @Nullable Segment pollFreeable() {
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (segment.liveOctets == 0 && !segment.active && !segment.kept && unread(segment)) {
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

    /** The disk knows that the segment is free: what was live for its sake is dead. */
    void freed(Segment segment) {
        segment.settledIn.forEach((other, octets) -> other.liveOctets -= octets);
        segment.settledIn.clear();
    }
}

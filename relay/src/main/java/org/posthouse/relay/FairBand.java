package org.posthouse.relay;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What waits of one class. Between its streams: deficit round robin. Whose turn it is may send as
 * many recipients as its quantum, and what it saved; then the next stream has its turn, so that
 * nobody waits for more than one quantum of each other. A stream that has to wait for its tenant's
 * rate is passed over. Guarded by the dispatcher's lock.
 */
final class FairBand<T> {
    private final double weight;
    private final FairQueue.Gate gate;
    private final Map<String, FairStream<T>> streams = new HashMap<>();
    private final Deque<FairStream<T>> turns = new ArrayDeque<>();

    /** What it has sent, over its weight: the band with the least is next. */
    private double sent;

    FairBand(double weight, FairQueue.Gate gate) {
        this.weight = weight;
        this.gate = gate;
    }

    boolean isEmpty() {
        return turns.isEmpty();
    }

    int streamCount() {
        return streams.size();
    }

    double sent() {
        return sent;
    }

    /** It was empty: it is no better off for that. */
    void beginsAt(double least) {
        sent = Math.max(sent, least);
    }

    FairStream<T> stream(FairQueue.Tag tag) {
        FairStream<T> stream = streams.get(tag.stream());
        if (stream == null) {
            stream = new FairStream<>(tag);
            streams.put(tag.stream(), stream);
            turns.addLast(stream);
        }
        return stream;
    }

    @Nullable FairStream<T> find(String stream) {
        return streams.get(stream);
    }

    /** The next one, taken out; null when none may go now. */
    @Nullable T select(long nowMillis) {
        int passed = 0;
        while (passed < turns.size()) {
            FairStream<T> stream = turns.getFirst();
            if (gate.nextMillis(stream.bucket(), nowMillis) > nowMillis) {
                passed++;
                turns.addLast(turns.removeFirst());
                continue;
            }
            T item = stream.inTurn();
            if (item == null) {
                passed = 0; // it has saved for its next turn
                turns.addLast(turns.removeFirst());
                continue;
            }
            gate.take(stream.bucket(), nowMillis);
            sent += stream.lastCost() / weight;
            if (stream.isEmpty()) {
                turns.removeFirst();
                streams.remove(stream.name());
            }
            return item;
        }
        return null;
    }

    /** From when on the first of its streams may go: now, or an instant to come. */
    long nextMillis(long nowMillis) {
        long next = Long.MAX_VALUE;
        for (FairStream<T> stream : turns) {
            next = Math.min(next, gate.nextMillis(stream.bucket(), nowMillis));
            if (next <= nowMillis) {
                return nowMillis;
            }
        }
        return next;
    }

    /** Takes all out. */
    void clearInto(List<T> list) {
        turns.forEach(each -> each.addAllTo(list));
        turns.clear();
        streams.clear();
    }
}

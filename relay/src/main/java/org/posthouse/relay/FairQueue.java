package org.posthouse.relay;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What waits for a site, and who is next. Between streams: deficit round robin. Whose turn it is
 * may send as many recipients as its quantum, and what it saved; then the next stream has its turn,
 * so that nobody waits for more than one quantum of each other. Within a stream, see {@link
 * FairStream}. What has to come again goes before all. As large as what is put in, which its owner
 * bounds. Guarded by the dispatcher's lock.
 */
final class FairQueue<T> {
    private final Function<T, Tag> tagger;
    private final Deque<T> first = new ArrayDeque<>();
    private final Map<String, FairStream<T>> streams = new HashMap<>();
    private final Deque<FairStream<T>> turns = new ArrayDeque<>();
    private int size;

    /**
     * What counts for the order.
     *
     * @param stream who shares turns
     * @param message what slips ahead together
     * @param recipients that one transaction takes; at least 1
     * @param transactions that it needs; at least 1
     * @param quantum recipients in one turn of its stream
     */
    record Tag(String stream, long message, int recipients, int transactions, int quantum) {}

    FairQueue(Function<T, Tag> tagger) {
        this.tagger = tagger;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** At the end of its message. */
    void add(T item) {
        size++;
        Tag tag = tagger.apply(item);
        stream(tag).add(tag, item);
    }

    /** Before all others. */
    void addFirst(T item) {
        size++;
        first.addFirst(item);
    }

    /**
     * A part of it was sent: the rest comes when its stream's turn comes, before later messages.
     */
    void resume(T item) {
        size++;
        Tag tag = tagger.apply(item);
        stream(tag).resume(tag, item);
    }

    private FairStream<T> stream(Tag tag) {
        FairStream<T> stream = streams.get(tag.stream());
        if (stream == null) {
            stream = new FairStream<>(tag.stream(), tag.quantum());
            streams.put(tag.stream(), stream);
            turns.addLast(stream);
        }
        return stream;
    }

    /** The next one; it stays the next one. */
    @Nullable T peek() {
        if (first.isEmpty()) {
            T next = select();
            if (next != null) {
                first.addFirst(next);
            }
        }
        return first.peekFirst();
    }

    /** Takes the next one out. */
    @Nullable T poll() {
        T next = peek();
        if (next != null) {
            first.removeFirst();
            size--;
        }
        return next;
    }

    private @Nullable T select() {
        while (!turns.isEmpty()) {
            FairStream<T> stream = turns.getFirst();
            T item = stream.inTurn();
            if (item == null) {
                turns.addLast(turns.removeFirst());
            } else {
                if (stream.isEmpty()) {
                    turns.removeFirst();
                    streams.remove(stream.name());
                }
                return item;
            }
        }
        return null;
    }

    /** True when the stream of this one holds more than its part of what waits. */
    boolean isGreedy(T item) {
        FairStream<T> stream = streams.get(tagger.apply(item).stream());
        long waiting = stream == null ? 0 : stream.size();
        return waiting * (streams.size() + 1L) > size;
    }

    /** True when others of the same message wait. */
    boolean holdsMessageOf(T item) {
        Tag tag = tagger.apply(item);
        FairStream<T> stream = streams.get(tag.stream());
        return stream != null && stream.holds(tag.message());
    }

    /** Takes out those that are to go. */
    void removeIf(Predicate<T> goes) {
        List<T> before = new ArrayList<>(first);
        first.clear();
        List<T> rest = clear();
        for (T item : before) {
            if (!goes.test(item)) {
                first.addLast(item);
            }
        }
        size = first.size();
        for (T item : rest) {
            if (!goes.test(item)) {
                add(item);
            }
        }
    }

    /** Takes all out. */
    List<T> clear() {
        List<T> all = new ArrayList<>(first);
        first.clear();
        turns.forEach(each -> each.addAllTo(all));
        turns.clear();
        streams.clear();
        size = 0;
        return all;
    }
}

package org.posthouse.relay;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What waits for a site, and who is next. Urgent mail goes before all other as long as it is a
 * tenth of what goes; beyond that, urgent, normal and bulk mail share by 8 : 4 : 1, counted in
 * recipients. Between the streams of a class see {@link FairBand}, within a stream {@link
 * FairStream}. What has to come again goes before all. As large as what is put in, which its owner
 * bounds. Guarded by the dispatcher's lock.
 */
final class FairQueue<T> {
    /** Classes of mail, from 0: urgent, normal, bulk. */
    static final int URGENT = 0;

    static final int NORMAL = 1;
    static final int BULK = 2;

    private static final double[] WEIGHTS = {8, 4, 1};

    /** Of what goes, the part that may be urgent mail before all other. */
    private static final double URGENT_SHARE = 0.1;

    /** Recipients that urgent mail may save of that. */
    private static final double URGENT_SAVED_MAX = 20;

    private final Function<T, Tag> tagger;
    private final Deque<T> first = new ArrayDeque<>();
    private final List<FairBand<T>> bands = new ArrayList<>(WEIGHTS.length);
    private double urgentSaved = URGENT_SAVED_MAX;
    private double least;
    private int size;

    /**
     * What counts for the order.
     *
     * @param stream who shares turns
     * @param message what slips ahead together
     * @param recipients that one transaction takes; at least 1
     * @param transactions that it needs; at least 1
     * @param quantum recipients in one turn of its stream
     * @param band its class
     * @param bucket what bounds its stream's rate; empty: nothing
     */
    record Tag(
            String stream,
            long message,
            int recipients,
            int transactions,
            int quantum,
            int band,
            String bucket) {
        /** Normal mail without a bound. */
        Tag(String stream, long message, int recipients, int transactions, int quantum) {
            this(stream, message, recipients, transactions, quantum, NORMAL, "");
        }
    }

    /** What bounds streams beyond this queue. */
    interface Gate {
        /** Bounds nothing. */
        Gate OPEN = new Gate() {};

        /** From when on the next one of a bucket may go. */
        default long nextMillis(String bucket, long nowMillis) {
            return nowMillis;
        }

        /** One of it goes. */
        default void take(String bucket, long nowMillis) {}
    }

    FairQueue(Function<T, Tag> tagger, Gate gate) {
        this.tagger = tagger;
        for (double weight : WEIGHTS) {
            bands.add(new FairBand<>(weight, gate));
        }
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
        FairBand<T> band = bands.get(tag.band());
        if (band.isEmpty()) {
            band.beginsAt(least);
        }
        return band.stream(tag);
    }

    /** The next one that may go now; it stays the next one. */
    @Nullable T peek(long nowMillis) {
        if (first.isEmpty()) {
            T next = select(nowMillis);
            if (next != null) {
                first.addFirst(next);
            }
        }
        return first.peekFirst();
    }

    /** Takes the next one out. */
    @Nullable T poll(long nowMillis) {
        T next = peek(nowMillis);
        if (next != null) {
            first.removeFirst();
            size--;
        }
        return next;
    }

    /** From when on the next one may go: now, or an instant to come. */
    long nextMillis(long nowMillis) {
        if (!first.isEmpty() || size == 0) {
            return nowMillis;
        }
        long next = Long.MAX_VALUE;
        for (FairBand<T> band : bands) {
            next = Math.min(next, band.nextMillis(nowMillis));
        }
        return next;
    }

    private @Nullable T select(long nowMillis) {
        int tried = 0;
        for (int i = 0; i < bands.size(); i++) {
            int index = next(tried);
            if (index < 0) {
                return null;
            }
            FairBand<T> band = bands.get(index);
            double before = band.sent();
            T item = band.select(nowMillis);
            if (item != null) {
                account(band, before, tagger.apply(item).recipients());
                return item;
            }
            tried |= 1 << index;
        }
        return null;
    }

    /**
     * The band whose turn it is; negative when none is left.
     *
     * @param tried bands that have nothing that may go, a bit each
     */
    private int next(int tried) {
        if ((tried & 1 << URGENT) == 0 && !bands.get(URGENT).isEmpty() && urgentSaved >= 1) {
            return URGENT;
        }
        int next = -1;
        for (int i = 0; i < bands.size(); i++) {
            boolean isLeft = (tried & 1 << i) == 0 && !bands.get(i).isEmpty();
            if (isLeft && (next < 0 || bands.get(i).sent() < bands.get(next).sent())) {
                next = i;
            }
        }
        return next;
    }

    private void account(FairBand<T> band, double before, int recipients) {
        if (band.equals(bands.get(URGENT))) {
            urgentSaved = Math.max(0, urgentSaved - recipients);
        } else {
            least = Math.max(least, before);
            double saved = urgentSaved + URGENT_SHARE * recipients;
            urgentSaved = Math.min(saved, URGENT_SAVED_MAX);
        }
    }

    /** True when the stream of this one holds more than its part of what waits. */
    boolean isGreedy(T item) {
        FairStream<T> stream = streamOf(tagger.apply(item));
        long waiting = stream == null ? 0 : stream.size();
        int streams = bands.stream().mapToInt(FairBand::streamCount).sum();
        return waiting * (streams + 1L) > size;
    }

    /** True when others of the same message wait. */
    boolean holdsMessageOf(T item) {
        Tag tag = tagger.apply(item);
        FairStream<T> stream = streamOf(tag);
        return stream != null && stream.holds(tag.message());
    }

    private @Nullable FairStream<T> streamOf(Tag tag) {
        return bands.get(tag.band()).find(tag.stream());
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
        bands.forEach(band -> band.clearInto(all));
        size = 0;
        return all;
    }
}

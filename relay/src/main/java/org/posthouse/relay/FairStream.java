package org.posthouse.relay;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;

/**
 * What waits of one stream: message after message, but a small one may slip ahead of a large one
 * that is being sent (as in Postfix's queue manager). Each transaction of the large one earns a
 * fifth of a slot, and it begins with three on loan; a message that needs no more transactions than
 * there are slots goes before it and uses them up. So a large one takes at most a quarter longer,
 * but for the loan. Guarded by the dispatcher's lock.
 */
final class FairStream<T> {
    /** Transactions that earn one slot. */
    private static final int COST = 5;

    private static final int LOAN = 3;

    /** Slots that can be saved. */
    private static final int SLOTS_MAX = 100;

    private final String name;
    private final int quantum;
    private final String bucket;
    private final LinkedHashMap<Long, Job<T>> jobs = new LinkedHashMap<>();
    private final TreeSet<Job<T>> bySize =
            new TreeSet<>(
                    Comparator.<Job<T>>comparingLong(job -> job.transactions)
                            .thenComparingLong(job -> job.place));
    private @Nullable Job<T> current;
    private int credit;
    private int deficit;
    private boolean turn;
    private int lastCost;
    private int size;
    private long last;
    private long front;

    /** What waits of one message. */
    private static final class Job<T> {
        final long message;
        final Deque<Entry<T>> entries = new ArrayDeque<>();
        long place;
        long transactions;

        Job(long message, long place) {
            this.message = message;
            this.place = place;
        }
    }

    private record Entry<T>(T item, FairQueue.Tag tag) {}

    /** The stream of what has this tag. */
    FairStream(FairQueue.Tag tag) {
        name = tag.stream();
        quantum = tag.quantum();
        bucket = tag.bucket();
    }

    /** What bounds its rate; empty: nothing. */
    String bucket() {
        return bucket;
    }

    /** Recipients of what was taken last. */
    int lastCost() {
        return lastCost;
    }

    String name() {
        return name;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean holds(long message) {
        return jobs.containsKey(message);
    }

    void add(FairQueue.Tag tag, T item) {
        Job<T> job = jobs.get(tag.message());
        if (job == null) {
            last++;
            job = new Job<>(tag.message(), last);
            jobs.put(tag.message(), job);
        }
        put(job, new Entry<>(item, tag), false);
    }

    /** It goes on being sent, but for what slips ahead. */
    void resume(FairQueue.Tag tag, T item) {
        Job<T> job = jobs.get(tag.message());
        if (job == null) {
            Job<T> was = current;
            job = was != null && was.message == tag.message() ? was : new Job<>(tag.message(), 0);
            front--;
            job.place = front;
            jobs.putFirst(tag.message(), job);
        }
        put(job, new Entry<>(item, tag), true);
    }

    /**
     * What was begun is ended before the next part of its message begins: only then its outcomes
     * are made durable.
     */
    private void put(Job<T> job, Entry<T> entry, boolean isBegun) {
        bySize.remove(job);
        if (isBegun) {
            job.entries.addFirst(entry);
        } else {
            job.entries.addLast(entry);
        }
        job.transactions += entry.tag().transactions();
        bySize.add(job);
        size++;
    }

    /** The next one, taken out, if the turn allows it; null when the turn is over. */
    @Nullable T inTurn() {
        if (!turn) {
            turn = true;
            deficit += quantum;
        }
        Job<T> job = next();
        int cost = job.entries.getFirst().tag().recipients();
        if (cost > deficit) {
            turn = false;
            return null;
        }
        deficit -= cost;
        lastCost = cost;
        return take(job);
    }

    private Job<T> next() {
        Job<T> now = current;
        if (now == null || now.entries.isEmpty()) {
            now = jobs.firstEntry().getValue();
            if (!now.equals(current)) {
                credit = LOAN * COST;
            }
            current = now;
        }
        Job<T> small = bySize.first();
        boolean slips = small.transactions < now.transactions;
        return slips && small.transactions * COST <= credit ? small : now;
    }

    private T take(Job<T> job) {
        bySize.remove(job);
        Entry<T> entry = job.entries.removeFirst();
        job.transactions -= entry.tag().transactions();
        if (job.entries.isEmpty()) {
            jobs.remove(job.message);
        } else {
            bySize.add(job);
        }
        size--;
        credit = job.equals(current) ? Math.min(credit + 1, SLOTS_MAX * COST) : credit - COST;
        return entry.item();
    }

    /** All, message after message. */
    void addAllTo(List<T> list) {
        for (Job<T> job : jobs.values()) {
            job.entries.forEach(entry -> list.add(entry.item()));
        }
    }
}

package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What memory knows of the messages that are not done: their deliveries in the order of ids, which
 * of them were not given out yet, and the accept ids. Changes only after the change is durable. One
 * lock guards all; it is never held across I/O.
 */
final class Index {
    final ReentrantLock lock = new ReentrantLock();

    private final TimeSource time;
    private final long epoch;
    private final TreeMap<Long, MessageEntry> messages = new TreeMap<>();
    private final Map<String, Long> acceptIds = new HashMap<>();
    private final Set<String> acceptIdsInFlight = new HashSet<>();
    private final Condition acceptIdFreed = lock.newCondition();
    private final ArrayDeque<DeliveryEntry> untaken = new ArrayDeque<>();
    private final ArrayDeque<Signal> takers = new ArrayDeque<>();
    private long deliveryCount;
    private boolean closed;

    Index(TimeSource time, long epoch) {
        this.time = time;
        this.epoch = epoch;
    }

    long epoch() {
        return epoch;
    }

    /**
     * Claims an accept id, waiting for an acceptance of the same id that is under way.
     *
     * @return the message that has it, 0 when it is now claimed
     */
    long claim(String acceptId) {
        lock.lock();
        try {
            while (acceptIdsInFlight.contains(acceptId)) {
                acceptIdFreed.awaitUninterruptibly();
            }
            Long known = acceptIds.get(acceptId);
            if (known != null) {
                return known;
            }
            acceptIdsInFlight.add(acceptId);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a claim, whatever came of it. */
    void unclaim(String acceptId) {
        lock.lock();
        try {
            acceptIdsInFlight.remove(acceptId);
            acceptIdFreed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Adds a durable message; the caller holds the lock and calls {@link #wakeTakers} after. */
    void add(MessageEntry message) {
        recover(message);
        Collections.addAll(untaken, message.deliveries);
    }

    /** Adds a message that was found at the start, and that may be settled in part later on. */
    void recover(MessageEntry message) {
        messages.put(message.id, message);
        if (!message.acceptId.isEmpty()) {
            acceptIds.put(message.acceptId, message.id);
        }
        deliveryCount += message.deliveries.length;
    }

    /** Takes out a message that was found at the start and can't be read. */
    void setAside(MessageEntry message) {
        messages.remove(message.id);
        if (!message.acceptId.isEmpty()) {
            acceptIds.remove(message.acceptId, message.id);
        }
        deliveryCount -= message.openCount;
    }

    /** All that was found at the start is to be given out, in the order of ids. */
    void giveOutBacklog() {
        for (MessageEntry message : messages.values()) {
            Collections.addAll(untaken, message.deliveries);
        }
    }

    /** Wakes who waits for arrivals; the caller holds the lock. */
    void wakeTakers() {
        while (!takers.isEmpty()) {
            takers.poll().raise();
        }
    }

    List<QueuedDelivery> take(int max, Deadline until) throws InterruptedException {
        if (max < 1) {
            throw new IllegalArgumentException("take at least one");
        }
        while (true) {
            Signal arrival = time.signal();
            lock.lock();
            try {
                List<QueuedDelivery> taken = poll(max);
                if (!taken.isEmpty() || closed) {
                    return taken;
                }
                takers.add(arrival);
            } finally {
                lock.unlock();
            }
            if (!await(arrival, until)) {
                return List.of();
            }
        }
    }

    private boolean await(Signal arrival, Deadline until) throws InterruptedException {
        boolean raised = false;
        try {
            raised = arrival.await(until);
            return raised;
        } finally {
            if (!raised) {
                forget(arrival);
            }
        }
    }

    private void forget(Signal arrival) {
        lock.lock();
        try {
            takers.remove(arrival);
        } finally {
            lock.unlock();
        }
    }

    private List<QueuedDelivery> poll(int max) {
        List<QueuedDelivery> taken = new ArrayList<>(Math.min(max, untaken.size()));
        while (taken.size() < max) {
            DeliveryEntry next = untaken.poll();
            if (next == null) {
                break;
            }
            if (!next.isDone()) {
                taken.add(next.queued(epoch));
            }
        }
        return taken;
    }

    /**
     * Checks settlements and marks their deliveries as being settled: all or, with an exception,
     * none.
     */
    List<DeliveryEntry> begin(List<Settlement> settlements) {
        List<DeliveryEntry> marked = new ArrayList<>(settlements.size());
        lock.lock();
        try {
            for (Settlement settlement : settlements) {
                DeliveryEntry delivery = check(settlement);
                delivery.settling = true;
                marked.add(delivery);
            }
            return marked;
        } catch (IllegalStateException refused) {
            marked.forEach(delivery -> delivery.settling = false);
            throw refused;
        } finally {
            lock.unlock();
        }
    }

    private DeliveryEntry check(Settlement settlement) {
        DeliveryId id = settlement.delivery();
        if (settlement.epoch() != epoch) {
            throw new IllegalStateException(
                    id + " was given out in epoch " + settlement.epoch() + ", this is " + epoch);
        }
        DeliveryEntry delivery = open(id);
        if (delivery == null) {
            throw new IllegalStateException(id + " is not here or was settled before");
        }
        if (delivery.settling) {
            throw new IllegalStateException(id + " is being settled");
        }
        int last = -1;
        for (int position : settlement.openRecipients()) {
            if (position <= last || !delivery.open.contains(position)) {
                throw new IllegalStateException(
                        "recipient " + position + " of " + id + " is not open, or out of order");
            }
            last = position;
        }
        return delivery;
    }

    /** Nothing came of these settlements. */
    void abandon(List<DeliveryEntry> marked) {
        lock.lock();
        try {
            marked.forEach(delivery -> delivery.settling = false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records a durable settlement; the caller holds the lock.
     *
     * @return true when the message is done and gone
     */
    boolean apply(DeliveryEntry delivery, List<Integer> open, Progress progress) {
        delivery.settling = false;
        delivery.open = open;
        delivery.progress = progress;
        if (!open.isEmpty()) {
            return false;
        }
        deliveryCount--;
        MessageEntry message = delivery.message;
        if (--message.openCount > 0) {
            return false;
        }
        messages.remove(message.id);
        if (!message.acceptId.isEmpty()) {
            acceptIds.remove(message.acceptId, message.id);
        }
        return true;
    }

    /** The message, if it is not done; the caller holds the lock. */
    @Nullable MessageEntry find(long id) {
        return messages.get(id);
    }

    /** The delivery if it is not done; the caller holds the lock. */
    @Nullable DeliveryEntry open(DeliveryId id) {
        MessageEntry message = messages.get(id.message().value());
        if (message == null || id.number() >= message.deliveries.length) {
            return null;
        }
        DeliveryEntry delivery = message.deliveries[id.number()];
        return delivery.isDone() ? null : delivery;
    }

    /** The message; the caller holds the lock. */
    MessageEntry require(SpoolId id) {
        MessageEntry message = messages.get(id.value());
        if (message == null) {
            throw new NoSuchElementException("no message " + id);
        }
        return message;
    }

    /** Lets every {@link #take} return empty from now on. */
    void close() {
        lock.lock();
        try {
            closed = true;
            untaken.clear();
            wakeTakers();
        } finally {
            lock.unlock();
        }
    }

    long messageCount() {
        lock.lock();
        try {
            return messages.size();
        } finally {
            lock.unlock();
        }
    }

    long deliveryCount() {
        lock.lock();
        try {
            return deliveryCount;
        } finally {
            lock.unlock();
        }
    }

    List<QueuedDelivery> list(DeliveryId after, int max) {
        List<QueuedDelivery> found = new ArrayList<>();
        lock.lock();
        try {
            for (MessageEntry message : messages.tailMap(after.message().value()).values()) {
                boolean first = message.id == after.message().value();
                for (DeliveryEntry delivery : message.deliveries) {
                    if (found.size() >= max) {
                        return found;
                    }
                    if (!delivery.isDone() && (!first || delivery.number > after.number())) {
                        found.add(delivery.queued(epoch));
                    }
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    List<QueuedDelivery> deliveriesOf(SpoolId id) {
        List<QueuedDelivery> found = new ArrayList<>();
        lock.lock();
        try {
            MessageEntry message = messages.get(id.value());
            if (message != null) {
                for (DeliveryEntry delivery : message.deliveries) {
                    if (!delivery.isDone()) {
                        found.add(delivery.queued(epoch));
                    }
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }
}

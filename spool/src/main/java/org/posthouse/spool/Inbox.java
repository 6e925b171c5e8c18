package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands items from any thread to the committer: a stack that the committer takes as a whole and
 * turns round, so that a hand-over costs one exchange and no lock. Who finds too many octets under
 * way waits.
 */
final class Inbox {
    private static final Logger LOG = System.getLogger(Inbox.class.getName());

    private final Item end = new EndItem();
    private final long octetsMax;
    private final AtomicReference<@Nullable Item> top = new AtomicReference<>();
    private final AtomicLong octets = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final AtomicInteger waitingForRoom = new AtomicInteger();
    private volatile boolean idle;
    private volatile boolean closing;
    private final Signal work;

    Inbox(long octetsMax, TimeSource time) {
        this.octetsMax = octetsMax;
        work = time.signal();
    }

    /**
     * Hands over an item.
     *
     * @return false when the committer has ended, or will, without seeing it
     */
    boolean offer(Item item) {
        if (octets.get() > octetsMax) {
            awaitRoom();
        }
        octets.addAndGet(item.octets());
        while (true) {
            Item head = top.get();
            if (closing || head == end) {
                release(item.octets());
                return false;
            }
            item.next = head;
            if (top.compareAndSet(head, item)) {
                wakeOwner();
                return true;
            }
        }
    }

    private void awaitRoom() {
        lock.lock();
        try {
            waitingForRoom.incrementAndGet();
            while (octets.get() > octetsMax && !closing) {
                room.awaitUninterruptibly();
            }
            waitingForRoom.decrementAndGet();
        } finally {
            lock.unlock();
        }
    }

    /** These octets are no longer under way. */
    void release(long count) {
        octets.addAndGet(-count);
        if (waitingForRoom.get() > 0) {
            lock.lock();
            try {
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits until there is something to take out; for the committer's thread alone.
     *
     * @return false once closed and empty
     */
    boolean awaitWork() {
        while (true) {
            Item head = top.get();
            if (head != null) {
                return head != end;
            }
            if (closing && top.compareAndSet(null, end)) {
                return false;
            }
            idle = true;
            if (top.get() == null && !closing) {
                awaitSignal();
            }
            idle = false;
        }
    }

    /** Nobody interrupts the committer; if somebody does, it works on. */
    private void awaitSignal() {
        try {
            boolean unused = work.await(Deadline.NEVER);
        } catch (InterruptedException e) {
            LOG.log(Level.WARNING, "the committer was interrupted, and goes on");
        }
    }

    /** True when nothing waits, and nobody works: who has something may do it at once. */
    boolean isIdle() {
        return idle && top.get() == null && !closing;
    }

    /**
     * All that waits, oldest first, linked by {@link Item#next}; null when there is nothing. For
     * who holds the committer's lock.
     */
    @Nullable Item takeAll() {
        Item all = top.get();
        if (all == null || all == end) {
            return null;
        }
        return turned(top.getAndSet(null));
    }

    private static Item turned(Item newest) {
        Item oldest = newest;
        Item next = newest.next;
        newest.next = null;
        while (next != null) {
            Item after = next.next;
            next.next = oldest;
            oldest = next;
            next = after;
        }
        return oldest;
    }

    /** Takes nothing more; what is in it is still given to the committer. */
    void close() {
        closing = true;
        wakeOwner();
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wakeOwner() {
        if (idle) {
            work.raise();
        }
    }
}

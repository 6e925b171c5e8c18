package org.posthouse.relay;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The dispatcher's lock, which guards where every delivery stands that the spool gave out, and all
 * that is known of sites. What was gathered under it is told right behind it.
 */
final class DispatchLock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Moment.Clock clock;
    private final Returns returns;
    private final Room room;

    DispatchLock(Moment.Clock clock, Returns returns, Room room) {
        this.clock = clock;
        this.returns = returns;
        this.room = room;
    }

    void lock() {
        lock.lock();
    }

    /** Ends what began with {@link #lock}; the taker is let in if there is room now. */
    void unlock() {
        room.feed();
        Returns.Batch batch = returns.take();
        lock.unlock();
        returns.tell(batch);
    }

    Moment now() {
        return clock.now();
    }
}

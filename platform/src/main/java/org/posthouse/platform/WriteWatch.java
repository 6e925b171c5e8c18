package org.posthouse.platform;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The deadline of the write that is under way on a connection, which the watch of its network looks
 * at: sockets have no time-out for writes. One writer at a time.
 */
final class WriteWatch {
    private static final long NONE = 0; // no write is under way, or it has no deadline
    private static final long LATE = 1; // the watch closes the connection

    private final AtomicLong writing = new AtomicLong(NONE);

    /**
     * A write begins.
     *
     * @return what {@link #end} wants
     * @throws DeadlineExceeded when no time is left
     */
    long begin(Deadline deadline) throws DeadlineExceeded {
        if (deadline.isNever()) {
            return NONE;
        }
        if (deadline.nanos() - System.nanoTime() <= 0) {
            throw new DeadlineExceeded("no time was left to send");
        }
        long mark = deadline.nanos() | 2; // never NONE nor LATE; 2 ns are nothing
        writing.setOpaque(mark);
        return mark;
    }

    /**
     * It has ended, well or not.
     *
     * @throws DeadlineExceeded when the watch came first
     */
    void end(long mark) throws DeadlineExceeded {
        if (mark != NONE && !writing.compareAndSet(mark, NONE)) {
            throw new DeadlineExceeded("the other end did not take the octets in time");
        }
    }

    /** The watch's question: true, once, when the write is late; the connection is to be closed. */
    boolean isLate(long now) {
        long mark = writing.get();
        return mark != NONE && mark != LATE && mark - now <= 0 && writing.compareAndSet(mark, LATE);
    }
}

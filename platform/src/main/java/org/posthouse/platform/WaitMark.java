package org.posthouse.platform;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The deadline of the wait that is under way on a connection, for a read or for a write, which the
 * watch of its network looks at. One thread waits.
 */
final class WaitMark {
    private static final long NONE = 0; // nobody waits, or without a deadline
    private static final long LATE = 1; // the watch ends the wait

    private final AtomicLong waiting = new AtomicLong(NONE);
    private final String late;

    /** What is said of a wait that is late. */
    WaitMark(String late) {
        this.late = late;
    }

    /**
     * A wait begins.
     *
     * @throws DeadlineExceeded when no time is left
     */
    void begin(Deadline deadline) throws DeadlineExceeded {
        if (deadline.isNever()) {
            return;
        }
        if (deadline.nanos() - System.nanoTime() <= 0) {
            throw new DeadlineExceeded(late);
        }
        waiting.setOpaque(markOf(deadline));
    }

    /**
     * It has ended, well or not.
     *
     * @throws DeadlineExceeded when the watch came first
     */
    void end() throws DeadlineExceeded {
        if (waiting.get() != NONE && waiting.getAndSet(NONE) == LATE) {
            throw new DeadlineExceeded(late);
        }
    }

    /** The wait that is under way, if one is, ends by then; an earlier deadline stays. */
    void hasten(Deadline deadline) {
        long sooner = markOf(deadline);
        long mark = waiting.get();
        while (mark != NONE && mark != LATE && sooner - mark < 0) {
            mark = waiting.compareAndExchange(mark, sooner) == mark ? sooner : waiting.get();
        }
    }

    /** The watch's question: true, once, when the wait is late; it is to be ended. */
    boolean isLate(long now) {
        long mark = waiting.get();
        return mark != NONE && mark != LATE && mark - now <= 0 && waiting.compareAndSet(mark, LATE);
    }

    private static long markOf(Deadline deadline) {
        return deadline.nanos() | 2; // never NONE nor LATE; 2 ns are nothing
    }
}

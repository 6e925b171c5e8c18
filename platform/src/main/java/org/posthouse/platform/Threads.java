package org.posthouse.platform;

/**
 * Starts threads.
 *
 * @since 0.1
 */
public interface Threads {
    /** Starts a virtual thread: one per connection, one per loop. */
    Task start(String name, Runnable body);

    /** Starts a thread of its own for work that blocks the carrier, such as forcing a disk. */
    Task startDedicated(String name, Runnable body);

    /**
     * True on a thread that was started here. Work on files is done by such a thread itself; for
     * any other, which anybody might interrupt, it takes a detour by another thread.
     */
    boolean isOwn();

    /** A started thread. */
    interface Task {
        /** Interrupts it. */
        void interrupt();

        /** True when the body has returned. */
        boolean isDone();

        /**
         * Waits for its end.
         *
         * @return false when the deadline came first
         * @throws InterruptedException when the waiting thread is interrupted
         */
        boolean join(Deadline deadline) throws InterruptedException;
    }
}

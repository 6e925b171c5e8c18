package org.posthouse.platform;

/**
 * Wakes a waiting thread. Raising is remembered: a signal raised before the wait ends the wait at
 * once. Each wait that returns true lowers it again. Any number of threads may raise; one waits.
 *
 * @since 0.1
 */
public interface Signal {
    /** Wakes the waiting thread, or the next one to wait. */
    void raise();

    /**
     * Waits until raised or until the deadline.
     *
     * @return true when it was raised, false at the deadline
     * @throws InterruptedException when the thread is interrupted
     */
    boolean await(Deadline deadline) throws InterruptedException;
}

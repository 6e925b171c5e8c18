package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.LockSupport;

/**
 * Hands one result from the committer to the thread that made this.
 *
 * @param <T> of the result
 */
final class Waiter<T> {
    private final Thread thread = Thread.currentThread();
    private volatile @Nullable T result;

    /** Tells the waiting thread. */
    void complete(T value) {
        result = value;
        LockSupport.unpark(thread);
    }

    /** Waits for the result; an interrupt does not end the wait and is not forgotten. */
    T await() {
        boolean interrupted = false;
        T value = result;
        while (value == null) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
            value = result;
        }
        if (interrupted) {
            thread.interrupt();
        }
        return value;
    }
}

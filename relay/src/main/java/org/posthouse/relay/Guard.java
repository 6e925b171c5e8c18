package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Threads.Task;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets another thread cut a task short, but only where the task says so: an interrupt that hits a
 * read of the spool would close its file under everybody.
 */
final class Guard {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Task task;
    private boolean inside;
    private boolean cut;

    /** Which task to interrupt. */
    void guards(Task started) {
        lock.lock();
        try {
            task = started;
            interruptIfDue();
        } finally {
            lock.unlock();
        }
    }

    /** An interruptible part begins; false when it must not, because of a cut. */
    boolean enter() {
        lock.lock();
        try {
            inside = !cut;
            return inside;
        } finally {
            lock.unlock();
        }
    }

    /** The interruptible part is over; no interrupt is left behind. */
    void leave() {
        lock.lock();
        try {
            inside = false;
            if (cut) {
                boolean unused = Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts the task if it is inside, and keeps it out from now on. */
    void cut() {
        lock.lock();
        try {
            cut = true;
            interruptIfDue();
        } finally {
            lock.unlock();
        }
    }

    boolean isCut() {
        lock.lock();
        try {
            return cut;
        } finally {
            lock.unlock();
        }
    }

    private void interruptIfDue() {
        if (cut && inside && task != null) {
            task.interrupt();
        }
    }
}

package org.posthouse.platform;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A thread of ours. While it works on a file an interrupt is held back: the JDK would close the
 * file under everybody's feet.
 */
final class JdkTask implements Threads.Task {
    private static final System.Logger LOG = System.getLogger(JdkTask.class.getName());
    private static final ThreadLocal<@Nullable JdkTask> CURRENT = new ThreadLocal<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Thread thread;
    private boolean shielded; // guarded by lock
    private boolean heldBack; // guarded by lock

    private JdkTask(Thread.Builder builder, Runnable body) {
        this.thread = builder.unstarted(() -> run(body));
    }

    static JdkTask start(Thread.Builder builder, Runnable body) {
        JdkTask task = new JdkTask(builder, body);
        task.thread.start();
        return task;
    }

    /** The task that the current thread is; null for threads started elsewhere. */
    static @Nullable JdkTask current() {
        return CURRENT.get();
    }

    /** From now on interrupts are held back. The current thread's own call. */
    void shield() {
        lock.lock();
        try {
            shielded = true;
            heldBack |= Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Delivers the interrupt that was held back. */
    void unshield() {
        lock.lock();
        try {
            shielded = false;
            if (heldBack) {
                heldBack = false;
                Thread.currentThread().interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void interrupt() {
        lock.lock();
        try {
            if (shielded) {
                heldBack = true;
            } else {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isDone() {
        return !thread.isAlive();
    }

    @Override
    public boolean join(Deadline deadline) throws InterruptedException {
        if (deadline.isNever()) {
            thread.join();
            return true;
        }
        long left = Math.max(0, deadline.nanos() - System.nanoTime());
        return thread.join(Duration.ofNanos(left));
    }

    private void run(Runnable body) {
        CURRENT.set(this);
        try {
            body.run();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "thread " + thread.getName() + " died", e);
        } finally {
            CURRENT.remove();
        }
    }
}

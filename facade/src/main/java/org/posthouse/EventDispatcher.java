package org.posthouse;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Signal;
import org.posthouse.platform.Threads;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands events to the program's listeners, in order, on one thread of its own, so that a slow
 * listener holds up nothing. The queue is bounded: what does not fit is dropped and counted.
 */
final class EventDispatcher implements MailEvents {
    private static final Logger LOG = System.getLogger(EventDispatcher.class.getName());
    private static final int QUEUE_MAX = 65_536;
    private static final int BATCH_MAX = 256;

    private final List<MailEvents> listeners;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal filled;
    private final ArrayDeque<MailEvent> queue = new ArrayDeque<>(); // guarded by lock
    private boolean closed; // guarded by lock
    private long dropped; // guarded by lock
    private final Threads.Task task;

    private EventDispatcher(Platform platform, List<MailEvents> listeners) {
        this.listeners = listeners;
        this.filled = platform.time().signal();
        this.task = platform.threads().start("events", this::run);
    }

    /** Drops everything where nobody listens. */
    static MailEvents start(Platform platform, List<MailEvents> listeners) {
        return listeners.isEmpty() ? NONE : new EventDispatcher(platform, listeners);
    }

    /** Hands out what is queued, then ends. */
    static void close(MailEvents events, Deadline deadline) throws InterruptedException {
        if (events instanceof EventDispatcher dispatcher) {
            dispatcher.end();
            dispatcher.task.join(deadline);
        }
    }

    @Override
    public boolean wantsSteps() {
        return listeners.stream().anyMatch(MailEvents::wantsSteps);
    }

    @Override
    public void emit(MailEvent event) {
        lock.lock();
        try {
            if (closed || queue.size() >= QUEUE_MAX) {
                dropped++;
                return;
            }
            queue.add(event);
        } finally {
            lock.unlock();
        }
        filled.raise();
    }

    /** Events that did not fit. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        filled.raise();
    }

    private void run() {
        var batch = new ArrayList<MailEvent>(BATCH_MAX);
        while (next(batch)) {
            for (MailEvent event : batch) {
                tell(event);
            }
            batch.clear();
        }
    }

    private boolean next(List<MailEvent> batch) {
        while (hasNothing()) {
            awaitEvents();
        }
        lock.lock();
        try {
            while (!queue.isEmpty() && batch.size() < BATCH_MAX) {
                batch.add(queue.poll());
            }
            return !batch.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasNothing() {
        lock.lock();
        try {
            return queue.isEmpty() && !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A listener may interrupt the thread that it is called on: the next ones hear all the same.
     */
    private void awaitEvents() {
        try {
            boolean unused = filled.await(Deadline.NEVER);
        } catch (InterruptedException e) {
            LOG.log(Level.WARNING, "a listener interrupted the thread that tells events");
        }
    }

    private void tell(MailEvent event) {
        for (MailEvents listener : listeners) {
            try {
                listener.emit(event);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "an event listener failed", e);
            }
        }
    }
}

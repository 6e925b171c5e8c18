package org.posthouse.relay;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Threads;
import org.posthouse.platform.Threads.Task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

/** Threads that run; each leaves when its body ends, so that all can be waited for. */
final class Crew {
    private final Threads threads;
    private final ReentrantLock lock = new ReentrantLock();

    /** By number; guarded by the lock. A body may end before its task is put in. */
    private final Map<Long, Task> running = new LinkedHashMap<>();

    private long count;

    Crew(Threads threads) {
        this.threads = threads;
    }

    /** Starts one. */
    Task start(String name, Runnable body) {
        return start(threads::start, name, body);
    }

    /** Starts one that works on files most of the time. */
    Task startDedicated(String name, Runnable body) {
        return start(threads::startDedicated, name, body);
    }

    private Task start(BiFunction<String, Runnable, Task> how, String name, Runnable body) {
        lock.lock();
        try {
            long number = count++;
            Task task =
                    how.apply(
                            name,
                            () -> {
                                try {
                                    body.run();
                                } finally {
                                    leave(number);
                                }
                            });
            running.put(number, task);
            return task;
        } finally {
            lock.unlock();
        }
    }

    private void leave(long number) {
        lock.lock();
        try {
            running.remove(number);
        } finally {
            lock.unlock();
        }
    }

    /** Those that run now. */
    List<Task> running() {
        lock.lock();
        try {
            return new ArrayList<>(running.values());
        } finally {
            lock.unlock();
        }
    }

    /** Waits until none runs; false when the deadline came first. */
    boolean join(Deadline deadline) throws InterruptedException {
        List<Task> left = running();
        while (!left.isEmpty()) {
            for (Task task : left) {
                if (!task.join(deadline)) {
                    return false;
                }
            }
            left = running();
        }
        return true;
    }
}

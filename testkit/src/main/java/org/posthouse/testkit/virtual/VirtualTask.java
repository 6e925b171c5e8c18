package org.posthouse.testkit.virtual;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Threads;

import java.util.Optional;

/** A thread inside. What changes is guarded by the clock's lock. */
final class VirtualTask implements Threads.Task {
    private static final int FRAMES_SHOWN = 12;

    /** Empty for bystanders; unset for threads from outside. */
    private static final ThreadLocal<Optional<VirtualTask>> CURRENT = new ThreadLocal<>();

    private final VirtualClock clock;
    private final String name;
    private final Gate ends;
    private Optional<Thread> thread = Optional.empty();
    private Optional<Threads.Task> task = Optional.empty();
    private Optional<Pause> pause = Optional.empty();
    private boolean ended;

    VirtualTask(VirtualClock clock, String name) {
        this.clock = clock;
        this.name = name;
        this.ends = new Gate(clock);
    }

    /** The thread that calls, if it is inside this clock's world. */
    static Optional<VirtualTask> current(VirtualClock clock) {
        Optional<VirtualTask> current = CURRENT.get();
        return current == null ? Optional.empty() : current.filter(task -> task.clock == clock);
    }

    static boolean isBystander() {
        Optional<VirtualTask> current = CURRENT.get();
        return current != null && current.isEmpty();
    }

    /** The body of a thread that the clock shall not mind. */
    static Runnable bystander(Runnable body) {
        return () -> {
            CURRENT.set(Optional.empty());
            body.run();
        };
    }

    /** The body of this thread. */
    void run(Runnable body) {
        CURRENT.set(Optional.of(this));
        is(Thread.currentThread());
        Optional<Throwable> death = Optional.empty();
        try {
            body.run();
        } catch (RuntimeException | Error e) {
            death = Optional.of(e);
            throw e;
        } finally {
            CURRENT.remove();
            clock.ended(this, death);
        }
    }

    private void is(Thread current) {
        clock.lock.lock();
        try {
            thread = Optional.of(current);
        } finally {
            clock.lock.unlock();
        }
    }

    void is(Threads.Task started) {
        clock.lock.lock();
        try {
            task = Optional.of(started);
        } finally {
            clock.lock.unlock();
        }
    }

    String name() {
        return name;
    }

    void paused(Optional<Pause> now) {
        pause = now;
    }

    void end() {
        ended = true;
        ends.open();
    }

    boolean works() {
        return pause.isEmpty() && !ended;
    }

    String stack() {
        var text = new StringBuilder("\n").append(name);
        StackTraceElement[] frames =
                thread.map(Thread::getStackTrace).orElse(new StackTraceElement[0]);
        for (int i = 0; i < Math.min(FRAMES_SHOWN, frames.length); i++) {
            text.append("\n    at ").append(frames[i]);
        }
        return text.toString();
    }

    /** Under the lock: a wait that is ended by it must not look like rest in between. */
    @Override
    public void interrupt() {
        clock.lock.lock();
        try {
            if (pause.isPresent()) {
                clock.wake(pause.get(), Pause.End.INTERRUPTED);
            } else {
                task.ifPresent(Threads.Task::interrupt);
            }
        } finally {
            clock.lock.unlock();
        }
    }

    @Override
    public boolean isDone() {
        clock.lock.lock();
        try {
            return ended;
        } finally {
            clock.lock.unlock();
        }
    }

    @Override
    public boolean join(Deadline deadline) throws InterruptedException {
        clock.lock.lock();
        try {
            boolean isInTime = true;
            while (!ended && isInTime) {
                isInTime = ends.await(deadline);
            }
            return ended;
        } finally {
            clock.lock.unlock();
        }
    }
}

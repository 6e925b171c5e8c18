package org.posthouse.testkit.virtual;

import org.posthouse.platform.Threads;

/** Starts real threads that the clock counts. */
final class VirtualThreads implements Threads {
    private final VirtualClock clock;
    private final Threads real;

    VirtualThreads(VirtualClock clock, Threads real) {
        this.clock = clock;
        this.real = real;
    }

    @Override
    public Task start(String name, Runnable body) {
        var task = new VirtualTask(clock, name);
        clock.started(task);
        task.is(real.start(name, () -> task.run(body)));
        return task;
    }

    /** Files are not forced here, so that no work blocks for long. */
    @Override
    public Task startDedicated(String name, Runnable body) {
        return start(name, body);
    }

    /** Starts a thread that the clock does not mind: it talks to the world outside. */
    void startBystander(String name, Runnable body) {
        real.start(name, VirtualTask.bystander(body));
    }

    @Override
    public boolean isOwn() {
        return real.isOwn();
    }
}

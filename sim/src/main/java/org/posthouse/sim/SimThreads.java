package org.posthouse.sim;

import org.posthouse.platform.Threads;

/** Starts simulated threads; dedicated ones are no different. */
final class SimThreads implements Threads {
    private final SimScheduler scheduler;

    SimThreads(SimScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public Task start(String name, Runnable body) {
        return scheduler.start(name, body);
    }

    @Override
    public Task startDedicated(String name, Runnable body) {
        return scheduler.start(name, body);
    }
}

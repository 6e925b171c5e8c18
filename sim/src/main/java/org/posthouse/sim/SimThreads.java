package org.posthouse.sim;

import org.posthouse.platform.Threads;

/** Starts simulated threads; dedicated ones are no different. */
final class SimThreads implements Threads {
    /** One question of so many is answered as on a thread that somebody else started. */
    private static final int FOREIGN_EVERY = 3;

    private final SimScheduler scheduler;
    private int asked;

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

    /** Now and then false, so that every history has what both kinds of threads do. */
    @Override
    public boolean isOwn() {
        asked++;
        return asked % FOREIGN_EVERY != 0;
    }
}

package org.posthouse.sim;

import org.posthouse.platform.Deadline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Where simulated threads wait, without a lock: only one of them runs at a time. */
final class SimCondition {
    private final SimScheduler scheduler;
    private final List<Thread> waiting = new ArrayList<>(1);

    SimCondition(SimScheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Waits for {@link #signalAll}; may return early for no reason.
     *
     * @return false when the deadline has passed
     */
    boolean await(Deadline deadline) throws InterruptedException {
        scheduler.requireSimulatedThread();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (deadline.isNever()) {
            park();
        } else {
            if (deadline.nanos() - scheduler.nanos() <= 0) {
                return false;
            }
            Thread me = Thread.currentThread();
            SimTimers.Timer timer =
                    scheduler.timers.add(deadline.nanos(), () -> LockSupport.unpark(me));
            try {
                park();
            } finally {
                scheduler.timers.cancel(timer);
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return true;
    }

    /** Waits for the deadline, whoever signals; an interrupt is only remembered. */
    void awaitPast(Deadline deadline) {
        boolean interrupted = false;
        boolean past = false;
        while (!past) {
            try {
                past = !await(deadline);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Wakes all that wait. */
    void signalAll() {
        for (Thread thread : waiting) {
            LockSupport.unpark(thread);
        }
        waiting.clear();
    }

    private void park() {
        Thread me = Thread.currentThread();
        waiting.add(me);
        try {
            LockSupport.park(this);
        } finally {
            waiting.remove(me);
        }
    }
}

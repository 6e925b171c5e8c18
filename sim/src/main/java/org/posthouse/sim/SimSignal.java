package org.posthouse.sim;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;

/** A signal in virtual time. */
final class SimSignal implements Signal {
    private final SimCondition condition;
    private boolean raised;

    SimSignal(SimScheduler scheduler) {
        this.condition = new SimCondition(scheduler);
    }

    @Override
    public void raise() {
        raised = true;
        condition.signalAll();
    }

    @Override
    public boolean await(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        while (!raised) {
            if (!condition.await(deadline) && !raised) {
                return false;
            }
        }
        raised = false;
        return true;
    }
}

package org.posthouse.sim;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.time.Instant;

/**
 * The virtual clocks. They stand still while anything can run.
 *
 * @since 0.1
 */
public final class SimTime implements TimeSource {
    private final SimScheduler scheduler;
    private Instant zero;

    SimTime(SimScheduler scheduler, Instant zero) {
        this.scheduler = scheduler;
        this.zero = zero;
    }

    @Override
    public Instant now() {
        return zero.plusNanos(scheduler.nanos());
    }

    @Override
    public long nanos() {
        return scheduler.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Deadline end = after(duration);
        SimCondition nothing = new SimCondition(scheduler);
        while (nothing.await(end)) {
            // woken for nothing
        }
    }

    @Override
    public Signal signal() {
        return new SimSignal(scheduler);
    }

    /** Sets the wall clock forward or, with a negative duration, back; deadlines don't notice. */
    public void jumpWallClock(Duration by) {
        zero = zero.plus(by);
    }

    Instant zero() {
        return zero;
    }
}

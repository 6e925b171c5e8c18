package org.posthouse.testkit.virtual;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.time.Instant;

/** The time of a clock. */
final class VirtualTime implements TimeSource {
    private final VirtualClock clock;
    private final Instant start;
    private final long startNanos;

    VirtualTime(VirtualClock clock, Instant start) {
        this.clock = clock;
        this.start = start;
        this.startNanos = clock.nanos();
    }

    @Override
    public Instant now() {
        return start.plusNanos(clock.nanos() - startNanos);
    }

    @Override
    public long nanos() {
        return clock.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        boolean unused = signal().await(after(duration));
    }

    @Override
    public Signal signal() {
        return new VirtualSignal(clock);
    }

    /** A flag, and the gate that it opens. */
    private static final class VirtualSignal implements Signal {
        private final VirtualClock clock;
        private final Gate gate;
        private boolean raised; // guarded by the clock's lock

        VirtualSignal(VirtualClock clock) {
            this.clock = clock;
            this.gate = new Gate(clock);
        }

        @Override
        public void raise() {
            clock.lock.lock();
            try {
                raised = true;
                gate.open();
            } finally {
                clock.lock.unlock();
            }
        }

        @Override
        public boolean await(Deadline deadline) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            clock.lock.lock();
            try {
                boolean isInTime = true;
                while (!raised && isInTime) {
                    isInTime = gate.await(deadline);
                }
                boolean wasRaised = raised;
                raised = false;
                return wasRaised;
            } finally {
                clock.lock.unlock();
            }
        }
    }
}

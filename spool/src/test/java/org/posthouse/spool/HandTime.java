package org.posthouse.spool;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.time.Instant;

/** A clock that a test moves by hand, for one thread. */
final class HandTime implements TimeSource {
    private Instant now = Instant.parse("2026-11-24T00:00:00Z");

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public long nanos() {
        return now.toEpochMilli() * 1_000_000;
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }

    @Override
    public Signal signal() {
        return new Signal() {
            private boolean raised;

            @Override
            public void raise() {
                raised = true;
            }

            @Override
            public boolean await(Deadline deadline) {
                if (!raised && deadline == Deadline.NEVER) {
                    throw new AssertionError("would wait for ever");
                }
                boolean was = raised;
                raised = false;
                return was;
            }
        };
    }
}

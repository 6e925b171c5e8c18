package org.posthouse.relay;

import java.time.Duration;

/**
 * Whether a site may be connected to. One step for each failed connection plan (every host and
 * address tried) that set out while it was allowed to: those that were under way when another one
 * failed are no further news. Instants in milliseconds of the wall clock.
 *
 * <pre>
 * state      | plan failed            | plan succeeded | now
 * -----------+------------------------+----------------+------------------------------
 * CLOSED     | OPEN for probeDelay(1) | CLOSED         | connects
 * OPEN       | OPEN as before         | CLOSED         | connects not, until the time
 * HALF_OPEN  | OPEN for probeDelay(k) | CLOSED         | connects once
 * </pre>
 */
final class SiteCircuit {
    private enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private State state = State.CLOSED;
    private int failures;
    private long untilMillis;

    /** True when connections may be opened freely. */
    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** True when nothing may be connected before the instant {@link #untilMillis}. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    /** With {@link #isOpen}: when the next probe may go. */
    long untilMillis() {
        return untilMillis;
    }

    /** Failed plans in a row. */
    int failures() {
        return failures;
    }

    /** The time may have come: an open circuit turns half open. */
    void tick(long nowMillis) {
        if (state == State.OPEN && nowMillis >= untilMillis) {
            state = State.HALF_OPEN;
        }
    }

    /** An operator asks for a probe now. */
    void probeNow() {
        if (state == State.OPEN) {
            state = State.HALF_OPEN;
        }
    }

    /** A plan failed: no connection before the delay of the schedule. */
    void failed(long nowMillis, RetrySchedule schedule) {
        if (state == State.OPEN && nowMillis < untilMillis) {
            return;
        }
        failures++;
        Duration delay = schedule.probeDelay(failures);
        untilMillis = nowMillis + delay.toMillis();
        state = State.OPEN;
    }

    /** A host was connected to and answered. */
    void succeeded() {
        failures = 0;
        state = State.CLOSED;
    }
}

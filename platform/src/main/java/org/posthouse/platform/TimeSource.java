package org.posthouse.platform;

import java.time.Duration;
import java.time.Instant;

/**
 * The clocks, and the two ways to wait for them.
 *
 * @since 0.1
 */
public interface TimeSource {
    /** The wall clock: for what people read and what is stored. It may jump. */
    Instant now();

    /** The monotonic clock in nanoseconds: for deadlines. Only differences mean something. */
    long nanos();

    /**
     * Waits.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    void sleep(Duration duration) throws InterruptedException;

    /** A new signal, not raised. */
    Signal signal();

    /** The deadline that lies this far ahead; {@link Deadline#NEVER} for absurdly long times. */
    default Deadline after(Duration duration) {
        return Deadline.at(nanos(), duration);
    }

    /** True when the deadline has passed. */
    default boolean isPast(Deadline deadline) {
        return !deadline.isNever() && deadline.nanos() - nanos() <= 0;
    }
}

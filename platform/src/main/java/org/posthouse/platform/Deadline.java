package org.posthouse.platform;

import java.time.Duration;

/**
 * An absolute instant of the monotonic clock by which something must have happened.
 *
 * @param nanos the monotonic clock's value
 * @since 0.1
 */
public record Deadline(long nanos) {
    /** No deadline. */
    public static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

    private static final Duration LONGEST = Duration.ofDays(365L * 100);

    static Deadline at(long now, Duration ahead) {
        return ahead.compareTo(LONGEST) > 0 ? NEVER : new Deadline(now + ahead.toNanos());
    }

    /** True for {@link #NEVER}. */
    public boolean isNever() {
        return nanos == Long.MAX_VALUE;
    }

    /** The earlier of the two. */
    public Deadline earlier(Deadline other) {
        if (isNever()) {
            return other;
        }
        return other.isNever() || nanos - other.nanos <= 0 ? this : other;
    }
}

package org.posthouse.server;

import java.time.Duration;
import java.util.Objects;

/**
 * When wrong logins lock a client or a login out: so many within so long, until that time is over.
 *
 * @param failures at least 1
 * @param within positive
 * @since 0.1
 */
public record Lockout(int failures, Duration within) {
    /** Ten within ten minutes. */
    public static final Lockout DEFAULT = new Lockout(10, Duration.ofMinutes(10));

    /** Checks the values. */
    public Lockout {
        Objects.requireNonNull(within);
        if (failures < 1 || within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("a lock-out needs a count and a time");
        }
    }
}

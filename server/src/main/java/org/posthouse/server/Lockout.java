package org.posthouse.server;

import java.time.Duration;
import java.util.Objects;

/**
 * When wrong logins lock a client or a login out: so many within so long, until that time is over.
 *
 * @param failures at least 1
 * @param within positive
 * @param sparesLoopback not for clients of this machine, where many programs share one address
 * @since 0.1
 */
public record Lockout(int failures, Duration within, boolean sparesLoopback) {
    /** Ten within ten minutes, but for clients of this machine. */
    public static final Lockout DEFAULT = new Lockout(10, Duration.ofMinutes(10), true);

    /** For all clients. */
    public Lockout(int failures, Duration within) {
        this(failures, within, false);
    }

    /** Checks the values. */
    public Lockout {
        Objects.requireNonNull(within);
        if (failures < 1 || within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("a lock-out needs a count and a time");
        }
    }
}

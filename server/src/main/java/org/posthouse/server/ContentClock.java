package org.posthouse.server;

import org.posthouse.platform.Deadline;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * By when the content of a message must have come: a fixed time for the message as a whole, and the
 * time that its octets so far take at the minimum rate. So a slow drip is cut soon after the fixed
 * time, however steadily it drips, and a large message over a slow line is not.
 */
final class ContentClock {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Deadline base;
    private final Deadline hurried;
    private final BooleanSupplier isHurried;
    private final long octetsPerSecond;
    private long octets;

    /**
     * Begins.
     *
     * @param base for the message as a whole
     * @param hurried the same, as long as there is no time to lose
     * @param isHurried whether that is so now
     */
    ContentClock(
            Deadline base, Deadline hurried, BooleanSupplier isHurried, long octetsPerSecondMin) {
        this.base = base;
        this.hurried = hurried;
        this.isHurried = isHurried;
        this.octetsPerSecond = Math.max(1, octetsPerSecondMin);
    }

    void add(long more) {
        octets += more;
    }

    /** Octets of the wire so far. */
    long octets() {
        return octets;
    }

    Deadline deadline() {
        Deadline whole = isHurried.getAsBoolean() ? base.earlier(hurried) : base;
        if (whole.isNever()) {
            return whole;
        }
        long seconds = octets / octetsPerSecond;
        long rest = octets % octetsPerSecond * NANOS_PER_SECOND / octetsPerSecond;
        return new Deadline(whole.nanos() + seconds * NANOS_PER_SECOND + rest);
    }
}

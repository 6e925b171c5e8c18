package org.posthouse.server;

import org.posthouse.platform.Deadline;

import java.util.concurrent.TimeUnit;

/**
 * By when the content of a message must have come: a fixed time for the message as a whole, and the
 * time that its octets so far take at the minimum rate. So a slow drip is cut soon after the fixed
 * time, however steadily it drips, and a large message over a slow line is not.
 */
final class ContentClock {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Deadline base;
    private final long octetsPerSecond;
    private long octets;

    ContentClock(Deadline base, long octetsPerSecondMin) {
        this.base = base;
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
        if (base.isNever()) {
            return base;
        }
        long seconds = octets / octetsPerSecond;
        long rest = octets % octetsPerSecond * NANOS_PER_SECOND / octetsPerSecond;
        return new Deadline(base.nanos() + seconds * NANOS_PER_SECOND + rest);
    }
}

package org.posthouse.server;

import org.posthouse.platform.TimeSource;
import org.posthouse.policy.IpAddress;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What each client (IPv6: each /64) did in the present minute: connections, messages, recipients.
 * Bounded: the eldest are forgotten.
 */
final class ClientRates {
    private static final int KEPT_MAX = 20_000;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock; the eldest first. */
    private final LinkedHashMap<IpAddress, Minute> minutes = new LinkedHashMap<>();

    /** What is counted. */
    enum Kind {
        CONNECTIONS,
        MESSAGES,
        RECIPIENTS
    }

    /** A minute of a client. */
    private static final class Minute {
        final long endsAt;
        final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

        Minute(long endsAt) {
            this.endsAt = endsAt;
        }
    }

    ClientRates(TimeSource time) {
        this.time = time;
    }

    /**
     * Counts one more.
     *
     * @param max in a minute; 0: no limit, and nothing is counted
     * @return false when that is too many
     */
    boolean take(IpAddress address, Kind kind, int max) {
        if (max == 0) {
            return true;
        }
        IpAddress client = Admission.client(address);
        long now = time.nanos();
        lock.lock();
        try {
            Minute minute = minutes.get(client);
            if (minute == null || now - minute.endsAt >= 0) {
                minutes.remove(client);
                minute = new Minute(now + MINUTE);
                minutes.put(client, minute);
                if (minutes.size() > KEPT_MAX) {
                    minutes.pollFirstEntry();
                }
            }
            return minute.counts.merge(kind, 1, Integer::sum) <= max;
        } finally {
            lock.unlock();
        }
    }
}

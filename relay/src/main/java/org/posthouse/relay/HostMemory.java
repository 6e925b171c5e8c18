package org.posthouse.relay;

import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Remembers which hosts offer STARTTLS but can't do it, so that it is not tried each time. */
final class HostMemory {
    private static final int HOSTS_MAX = 10_000;
    private static final Duration KEPT = Duration.ofHours(1);

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Until when, by the monotonic clock, oldest first; guarded by the lock. */
    private final Map<String, Long> brokenTls = new LinkedHashMap<>();

    HostMemory(TimeSource time) {
        this.time = time;
    }

    void tlsIsBroken(String host) {
        lock.lock();
        try {
            brokenTls.remove(host);
            brokenTls.put(host, time.nanos() + KEPT.toNanos());
            if (brokenTls.size() > HOSTS_MAX) {
                brokenTls.remove(brokenTls.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isTlsBroken(String host) {
        lock.lock();
        try {
            Long until = brokenTls.get(host);
            if (until == null) {
                return false;
            }
            if (until - time.nanos() > 0) {
                return true;
            }
            brokenTls.remove(host);
            return false;
        } finally {
            lock.unlock();
        }
    }
}

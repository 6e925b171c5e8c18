package org.posthouse.server;

import org.posthouse.platform.TimeSource;
import org.posthouse.policy.IpAddress;

import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wrong logins of all listeners, by client (IPv6: by /64) and by login. Bounded: the eldest are
 * forgotten.
 */
final class LoginFailures {
    private static final int KEPT_MAX = 20_000;
    private static final int LOGIN_MAX = 100;

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock; the eldest first. */
    private final LinkedHashMap<String, Failures> failures = new LinkedHashMap<>();

    LoginFailures(TimeSource time) {
        this.time = time;
    }

    /** So many since then, by the monotonic clock. */
    private record Failures(int count, long sinceNanos) {}

    static String ofClient(IpAddress client) {
        return "c" + Admission.client(client);
    }

    /** Nobody has so long a login; of those that are tried, a part and a sum tell them apart. */
    static String ofLogin(String login) {
        return login.length() <= LOGIN_MAX
                ? "l" + login
                : "l" + login.substring(0, LOGIN_MAX) + " " + login.hashCode();
    }

    /** True when there were too many. */
    boolean isLockedOut(String key, Lockout lockout) {
        lock.lock();
        try {
            Failures known = failures.get(key);
            return known != null && !isOver(known, lockout) && known.count >= lockout.failures();
        } finally {
            lock.unlock();
        }
    }

    /** Counts one; true when there had been too many before. */
    boolean add(String key, Lockout lockout) {
        lock.lock();
        try {
            Failures known = failures.get(key);
            boolean isLockedOut =
                    known != null && !isOver(known, lockout) && known.count >= lockout.failures();
            if (known == null || isOver(known, lockout)) {
                failures.remove(key);
                failures.put(key, new Failures(1, time.nanos()));
            } else {
                failures.put(key, new Failures(known.count + 1, known.sinceNanos));
            }
            if (failures.size() > KEPT_MAX) {
                failures.pollFirstEntry();
            }
            return isLockedOut;
        } finally {
            lock.unlock();
        }
    }

    void forget(String key) {
        lock.lock();
        try {
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver(Failures known, Lockout lockout) {
        return time.nanos() - known.sinceNanos >= lockout.within().toNanos();
    }
}

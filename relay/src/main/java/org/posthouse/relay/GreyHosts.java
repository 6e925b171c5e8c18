package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Outcome;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which host greylisted a delivery: exchangers of one domain need not know of each other's lists,
 * so that it had better come to the same one again. A best effort, in memory alone: after a
 * restart, or when it was forgotten, any of equal hosts is tried first. What was greylisted longest
 * ago is forgotten first.
 */
final class GreyHosts {
    static final int MOST = 10_000;

    private final ReentrantLock lock = new ReentrantLock();

    /** Hosts as logs name them, with their addresses; guarded by the lock. */
    private final Map<DeliveryId, String> hosts = new LinkedHashMap<>();

    /** An attempt has its outcomes. One that no host answered changes nothing. */
    void attempted(Attempt attempt, boolean settles) {
        String host = settles ? "" : greylister(attempt);
        if (!settles && host.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            hosts.remove(attempt.delivery().id());
            if (!settles) {
                hosts.put(attempt.delivery().id(), host);
            }
            if (hosts.size() > MOST) {
                hosts.remove(hosts.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    private static String greylister(Attempt attempt) {
        for (int index = 0; index < attempt.count(); index++) {
            if (attempt.outcome(index) instanceof Outcome.Deferred deferred
                    && deferred.cause() == Outcome.Cause.GREYLISTED) {
                return attempt.nexthop(index);
            }
        }
        return "";
    }

    /** The host that greylisted a delivery last; empty when none is known. */
    String of(DeliveryId id) {
        lock.lock();
        try {
            return hosts.getOrDefault(id, "");
        } finally {
            lock.unlock();
        }
    }
}

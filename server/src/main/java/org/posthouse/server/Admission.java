package org.posthouse.server;

import org.posthouse.policy.IpAddress;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Counts the connections of a listener, in total and by client. IPv6 clients count by their /64,
 * which is what one customer has.
 */
final class Admission {
    /** The answer. */
    enum Answer {
        ADMITTED,
        LISTENER_FULL,
        CLIENT_FULL
    }

    private static final int V6_OCTETS_COUNTED = 8;

    private final IntSupplier connectionsMax;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock; holds clients with connections only. */
    private final Map<IpAddress, Integer> byClient = new HashMap<>();

    /** Guarded by the lock. */
    private int total;

    Admission(IntSupplier connectionsMax) {
        this.connectionsMax = connectionsMax;
    }

    /**
     * Counts a connection when there is room for it.
     *
     * @param perClientMax what this client may have
     */
    Answer enter(IpAddress address, int perClientMax) {
        IpAddress client = client(address);
        lock.lock();
        try {
            if (total >= connectionsMax.getAsInt()) {
                return Answer.LISTENER_FULL;
            }
            if (byClient.getOrDefault(client, 0) >= perClientMax) {
                return Answer.CLIENT_FULL;
            }
            total++;
            byClient.merge(client, 1, Integer::sum);
            return Answer.ADMITTED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts a connection for another client from now on.
     *
     * @param perClientMax what that one may have
     * @return false when that one has too many, so that nothing changes
     */
    boolean move(IpAddress from, IpAddress to, int perClientMax) {
        IpAddress client = client(to);
        lock.lock();
        try {
            if (byClient.getOrDefault(client, 0) >= perClientMax) {
                return false;
            }
            forget(client(from));
            byClient.merge(client, 1, Integer::sum);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the count of a connection that was admitted. */
    void leave(IpAddress address) {
        lock.lock();
        try {
            total--;
            forget(client(address));
        } finally {
            lock.unlock();
        }
    }

    private void forget(IpAddress client) {
        byClient.computeIfPresent(client, (c, count) -> count > 1 ? count - 1 : null);
    }

    /** What counts as one client. */
    static IpAddress client(IpAddress address) {
        if (address.isV4()) {
            return address;
        }
        byte[] octets = address.octets();
        Arrays.fill(octets, V6_OCTETS_COUNTED, octets.length, (byte) 0);
        return IpAddress.of(octets);
    }
}

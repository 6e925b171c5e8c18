package org.posthouse.relay;

import org.posthouse.client.HostTrait;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers for a while what was learned about hosts, so that what a host can't do is not tried in
 * each conversation. Who has not been learned about for longest is forgotten first.
 */
final class HostMemory {
    static final int HOSTS_MAX = 10_000;
    static final Duration KEPT = Duration.ofHours(1);

    /** How long a host that could not be talked to stands behind others, doubling. */
    static final Duration AVOIDED_FIRST = Duration.ofSeconds(30);

    static final Duration AVOIDED_MAX = Duration.ofMinutes(5);

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Each trait with until when, by the monotonic clock; guarded by the lock. */
    private final Map<String, EnumMap<HostTrait, Long>> hosts = new LinkedHashMap<>();

    /** Conversations in a row that a host broke off in a transaction; guarded by the lock. */
    private final Map<String, Integer> cuts = new LinkedHashMap<>();

    /** Hosts that could not be talked to; guarded by the lock. */
    private final Map<String, Avoided> avoided = new LinkedHashMap<>();

    private record Avoided(long untilNanos, long nanos) {}

    HostMemory(TimeSource time) {
        this.time = time;
    }

    /** These hold from now on; {@code host} is what {@link Connector#key} calls it. */
    void learn(String host, Set<HostTrait> traits) {
        if (traits.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            EnumMap<HostTrait, Long> known = hosts.remove(host);
            if (known == null) {
                known = new EnumMap<>(HostTrait.class);
            }
            for (HostTrait trait : traits) {
                known.put(trait, time.nanos() + KEPT.toNanos());
            }
            hosts.put(host, known);
            if (hosts.size() > HOSTS_MAX) {
                hosts.remove(hosts.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    /** A host broke off in a transaction; returns how often it did in a row. */
    int cut(String host) {
        lock.lock();
        try {
            int count = cuts.getOrDefault(host, 0) + 1;
            cuts.remove(host);
            cuts.put(host, count);
            if (cuts.size() > HOSTS_MAX) {
                cuts.remove(cuts.keySet().iterator().next());
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** A host could not be talked to. */
    void missed(String host) {
        lock.lock();
        try {
            Avoided before = avoided.remove(host);
            long nanos =
                    before == null
                            ? AVOIDED_FIRST.toNanos()
                            : Math.min(2 * before.nanos(), AVOIDED_MAX.toNanos());
            avoided.put(host, new Avoided(time.nanos() + nanos, nanos));
            if (avoided.size() > HOSTS_MAX) {
                avoided.remove(avoided.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    /** A host could be talked to. */
    void reached(String host) {
        lock.lock();
        try {
            avoided.remove(host);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether others are to be asked before a host. When its time is over, one gets false, tries
     * it, and the others go on without it until it is known what came of that.
     */
    boolean isAvoided(String host) {
        lock.lock();
        try {
            Avoided known = avoided.get(host);
            if (known == null) {
                return false;
            }
            long now = time.nanos();
            boolean still = known.untilNanos() - now > 0;
            if (!still) {
                avoided.put(host, new Avoided(now + known.nanos(), known.nanos()));
            }
            return still;
        } finally {
            lock.unlock();
        }
    }

    /** A host answered a transaction. */
    void heldOn(String host) {
        lock.lock();
        try {
            cuts.remove(host);
        } finally {
            lock.unlock();
        }
    }

    /** What is known of a host. */
    Set<HostTrait> traits(String host) {
        lock.lock();
        try {
            EnumMap<HostTrait, Long> known = hosts.get(host);
            if (known == null) {
                return Set.of();
            }
            long now = time.nanos();
            known.values().removeIf(until -> until - now <= 0);
            if (known.isEmpty()) {
                hosts.remove(host);
                return Set.of();
            }
            return EnumSet.copyOf(known.keySet());
        } finally {
            lock.unlock();
        }
    }
}

package org.posthouse.platform;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The answers of late, the least recently used dropped first. Negative answers are kept too (RFC
 * 2308), failures are not.
 */
final class DnsCache {
    private static final long POSITIVE_SECONDS_MAX = 24 * 3600;
    private static final long NEGATIVE_SECONDS_MAX = 15 * 60;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final int entriesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Key, Kept> entries; // guarded by lock

    record Key(String name, int type) {}

    private record Kept(DnsRecords records, long endsAt) {}

    DnsCache(int entriesMax) {
        this.entriesMax = entriesMax;
        this.entries =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Key, Kept> eldest) {
                        return size() > DnsCache.this.entriesMax;
                    }
                };
    }

    /** What is kept, with the time that is left to it. */
    Optional<DnsRecords> get(Key key, long now) {
        lock.lock();
        try {
            Kept entry = entries.get(key);
            if (entry == null) {
                return Optional.empty();
            }
            long left = entry.endsAt - now;
            if (left <= 0) {
                entries.remove(key);
                return Optional.empty();
            }
            long seconds = (left + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
            return Optional.of(entry.records.withTimeToLive(seconds));
        } finally {
            lock.unlock();
        }
    }

    void put(Key key, DnsRecords records, long now) {
        long seconds = secondsToKeep(records);
        if (seconds <= 0 || entriesMax == 0) {
            return;
        }
        lock.lock();
        try {
            entries.put(key, new Kept(records, now + seconds * NANOS_PER_SECOND));
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    private static long secondsToKeep(DnsRecords records) {
        return switch (records.kind()) {
            case FOUND -> Math.min(records.timeToLive(), POSITIVE_SECONDS_MAX);
            case NO_DATA, NO_DOMAIN -> Math.min(records.timeToLive(), NEGATIVE_SECONDS_MAX);
            case FAILURE -> 0;
        };
    }
}

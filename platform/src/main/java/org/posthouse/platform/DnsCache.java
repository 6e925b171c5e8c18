package org.posthouse.platform;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The answers of late, the least recently used dropped first. Negative answers are kept too (RFC
 * 2308), failures for a moment.
 */
final class DnsCache {
    private final int entriesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<DnsQuestion, Kept> entries; // guarded by lock

    private record Kept(DnsAnswer<?> answer, long endsAt) {}

    DnsCache(int entriesMax) {
        this.entriesMax = entriesMax;
        this.entries =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<DnsQuestion, Kept> eldest) {
                        return size() > DnsCache.this.entriesMax;
                    }
                };
    }

    /** What is kept, with the time that is left to it. */
    Optional<DnsAnswer<?>> get(DnsQuestion question, long now) {
        Kept kept;
        lock.lock();
        try {
            kept = entries.get(question);
            if (kept == null) {
                return Optional.empty();
            }
            if (kept.endsAt - now <= 0) {
                entries.remove(question);
                return Optional.empty();
            }
        } finally {
            lock.unlock();
        }
        return Optional.of(aged(kept.answer, Duration.ofNanos(kept.endsAt - now)));
    }

    void put(DnsQuestion question, DnsReply reply, long now) {
        if (reply.keep().isZero() || entriesMax == 0) {
            return;
        }
        lock.lock();
        try {
            entries.put(question, new Kept(reply.answer(), now + reply.keep().toNanos()));
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

    private static <T> DnsAnswer<T> aged(DnsAnswer<T> answer, Duration left) {
        if (answer instanceof DnsAnswer.Found<T> found) {
            return new DnsAnswer.Found<>(found.records(), left, found.authentic(), found.alias());
        }
        return answer;
    }
}

package org.posthouse.daemon;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** How often the configuration was read again, and since when what is in force is. */
final class Reloads {
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile Instant loadedAt;

    Reloads(Instant startedAt) {
        loadedAt = startedAt;
    }

    void took(Instant at) {
        loadedAt = at;
        long unused = taken.incrementAndGet();
    }

    void refused() {
        long unused = refused.incrementAndGet();
    }

    long taken() {
        return taken.get();
    }

    long failed() {
        return refused.get();
    }

    Instant loadedAt() {
        return loadedAt;
    }
}

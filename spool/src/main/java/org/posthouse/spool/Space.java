package org.posthouse.spool;

import org.posthouse.platform.Platform;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether the file system has more room than the reserve. Looks at most once a second, whoever
 * asks.
 */
final class Space {
    static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Platform platform;
    private final Path directory;
    private final long reserveOctets;
    private final AtomicLong lookedAt;
    private volatile boolean low;

    Space(Platform platform, Path directory, long reserveOctets) {
        this.platform = platform;
        this.directory = directory;
        this.reserveOctets = reserveOctets;
        lookedAt = new AtomicLong(platform.time().nanos() - LOOK_EVERY.toNanos());
    }

    boolean isLow() {
        long now = platform.time().nanos();
        long before = lookedAt.get();
        if (now - before >= LOOK_EVERY.toNanos() && lookedAt.compareAndSet(before, now)) {
            low = look();
        }
        return low;
    }

    private boolean look() {
        try {
            return platform.disk().usableOctets(directory) < reserveOctets;
        } catch (IOException e) {
            return false; // the next write will tell
        }
    }
}

package org.posthouse;

import org.posthouse.core.SpoolId;
import org.posthouse.journal.KeyedLog;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Platform;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The decisions about accepted messages, kept for a while beside the queue, for explanations only:
 * nothing is decided by them, and whoever accepts a message never waits for them.
 */
final class DecisionJournal {
    /** How long a decision is kept. */
    static final Duration KEPT = Duration.ofDays(7);

    /** 512 MiB, about two million messages. */
    static final KeyedLog.Limits LIMITS = new KeyedLog.Limits(4 << 20, 128, KEPT);

    private final Platform platform;
    private final Duration kept;
    private final KeyedLog log;

    private DecisionJournal(Platform platform, Path folder, KeyedLog.Limits limits) {
        this.platform = platform;
        kept = limits.kept();
        log = KeyedLog.start(platform, folder, "decisions", limits);
    }

    static DecisionJournal start(Platform platform, Path folder, KeyedLog.Limits limits) {
        return new DecisionJournal(platform, folder, limits);
    }

    /** Keeps an entry; never waits for the disk. */
    void add(JournalEntry entry) {
        log.add(new Item(entry));
    }

    /** Writes what has gathered, then ends. */
    void close(Deadline deadline) throws InterruptedException {
        log.close(deadline);
    }

    /** What was kept of a message; empty when there is nothing, or not any more. */
    Optional<JournalEntry> find(SpoolId id) {
        Instant oldest = platform.time().now().minus(kept);
        List<byte[]> found = log.find(id.value(), oldest);
        return found.isEmpty()
                ? Optional.empty()
                : parsed(found.getLast()).filter(entry -> !entry.acceptedAt().isBefore(oldest));
    }

    private static Optional<JournalEntry> parsed(byte[] octets) {
        try {
            return Optional.of(JournalEntry.parse(new String(octets, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private record Item(JournalEntry entry) implements KeyedLog.Item {
        @Override
        public long key() {
            return entry.id().value();
        }

        @Override
        public byte[] octets() {
            return entry.text().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int weight() {
            return 400 + 200 * entry.recipients().size();
        }
    }
}

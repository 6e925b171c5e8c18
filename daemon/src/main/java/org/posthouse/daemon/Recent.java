package org.posthouse.daemon;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Reply;

import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * How the last hour went: outcomes of recipients by domain, minute by minute; and how much of what
 * happened in the last seconds. Domains are a bounded number: that of which nothing was heard for
 * longest is forgotten.
 */
final class Recent implements MailEvents {
    static final int DOMAINS_MAX = 5000;
    static final int MINUTES = 60;
    static final int SECONDS = 60;
    private static final int REPLY_MAX = 200;

    /** What is counted by the second. */
    enum Kind {
        RECEIVED,
        REFUSED,
        DELIVERED,
        DEFERRED,
        FAILED
    }

    /**
     * Outcomes of recipients.
     *
     * @param delivered of all
     * @param all how many
     */
    record Outcomes(long delivered, long all) {}

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as all below. */
    private final Map<String, Minutes> byDomain =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Minutes> eldest) {
                    return size() > DOMAINS_MAX;
                }
            };

    private final Minutes total = new Minutes();
    private final Map<Kind, Ring> seconds = new EnumMap<>(Kind.class);

    Recent() {
        for (Kind kind : Kind.values()) {
            seconds.put(kind, new Ring(SECONDS + 1));
        }
    }

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void emit(MailEvent event) {
        switch (event) {
            case MailEvent.Received e -> count(Kind.RECEIVED, e.at());
            case MailEvent.Refused e -> count(Kind.REFUSED, e.at());
            case MailEvent.Delivered e ->
                    outcome(Kind.DELIVERED, e, e.recipient().domain(), e.reply());
            case MailEvent.Deferred e ->
                    outcome(Kind.DEFERRED, e, e.recipient().domain(), e.reply());
            case MailEvent.Failed e -> outcome(Kind.FAILED, e, e.recipient().domain(), e.reply());
            default -> {}
        }
    }

    private Ring ring(Kind kind) {
        return Objects.requireNonNull(seconds.get(kind));
    }

    private void count(Kind kind, Instant at) {
        lock.lock();
        try {
            ring(kind).add(at.getEpochSecond());
        } finally {
            lock.unlock();
        }
    }

    private void outcome(Kind kind, MailEvent event, String domain, Reply reply) {
        long minute = event.at().getEpochSecond() / 60;
        lock.lock();
        try {
            ring(kind).add(event.at().getEpochSecond());
            Minutes minutes = byDomain.computeIfAbsent(domain, each -> new Minutes());
            minutes.all.add(minute);
            total.all.add(minute);
            if (kind == Kind.DELIVERED) {
                minutes.delivered.add(minute);
                total.delivered.add(minute);
            } else {
                String text = reply.toString();
                minutes.lastReply = text.substring(0, Math.min(text.length(), REPLY_MAX));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those of a domain in the last minutes, at most an hour. */
    Outcomes of(String domain, Instant now, int minutes) {
        lock.lock();
        try {
            Minutes found = byDomain.get(domain);
            return found == null ? new Outcomes(0, 0) : found.outcomes(now, minutes);
        } finally {
            lock.unlock();
        }
    }

    /** Those of all domains. */
    Outcomes ofAll(Instant now, int minutes) {
        lock.lock();
        try {
            return total.outcomes(now, minutes);
        } finally {
            lock.unlock();
        }
    }

    /** What was said last that was not positive; empty when nothing is known. */
    String lastReply(String domain) {
        lock.lock();
        try {
            Minutes found = byDomain.get(domain);
            return found == null ? "" : found.lastReply;
        } finally {
            lock.unlock();
        }
    }

    /** How many in each of the last seconds that are over, the oldest first. */
    List<Long> seconds(Kind kind, Instant now) {
        lock.lock();
        try {
            Ring ring = ring(kind);
            long last = now.getEpochSecond() - 1;
            return IntStream.range(0, SECONDS)
                    .mapToObj(i -> (long) ring.at(last - SECONDS + 1 + i))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private static final class Minutes {
        private final Ring delivered = new Ring(MINUTES);
        private final Ring all = new Ring(MINUTES);
        private String lastReply = "";

        Outcomes outcomes(Instant now, int minutes) {
            long last = now.getEpochSecond() / 60;
            long good = 0;
            long any = 0;
            for (long at = last - Math.min(minutes, MINUTES) + 1; at <= last; at++) {
                good += delivered.at(at);
                any += all.at(at);
            }
            return new Outcomes(good, any);
        }
    }

    /** Counts of the last so many slots of time. */
    private static final class Ring {
        private final int[] counts;
        private long newest;

        Ring(int slots) {
            counts = new int[slots];
        }

        /** A clock that went back counts in the newest. */
        void add(long slot) {
            if (slot - newest >= counts.length) {
                java.util.Arrays.fill(counts, 0);
                newest = slot;
            }
            while (newest < slot) {
                newest++;
                counts[index(newest)] = 0;
            }
            counts[index(newest)]++;
        }

        int at(long slot) {
            return slot > newest || newest - slot >= counts.length ? 0 : counts[index(slot)];
        }

        private int index(long slot) {
            return (int) Math.floorMod(slot, (long) counts.length);
        }
    }
}

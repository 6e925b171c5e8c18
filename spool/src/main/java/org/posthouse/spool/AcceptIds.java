package org.posthouse.spool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Callers' keys against storing twice: as long as their message is here, and for a day behind that,
 * a bounded number. Guarded by the lock of {@link Index}, which {@link #claim} and {@link #unclaim}
 * take by themselves.
 */
final class AcceptIds {
    /** Keys of messages that are done; beyond it the oldest are forgotten. */
    static final int KEPT_MAX = 100_000;

    /** A key counts for so long behind the end of its message. */
    static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();

    /** Behind this a key is noted again, so that it counts for (almost) as long as promised. */
    static final long NOTED_MILLIS = Duration.ofHours(1).toMillis();

    private final ReentrantLock lock;
    private final LongSupplier nowMillis;
    private final Map<String, KeptKeys.Kept> kept = new LinkedHashMap<>();

    /** Messages whose key is in the file although they are not done: with which time. */
    private final Map<Long, Long> noted = new LinkedHashMap<>();

    private final Map<String, Long> messages = new HashMap<>();
    private final Map<Long, String> texts = new HashMap<>();
    private final Set<String> inFlight = new HashSet<>();
    private final Condition freed;

    AcceptIds(ReentrantLock lock, LongSupplier nowMillis) {
        this.lock = lock;
        this.nowMillis = nowMillis;
        freed = lock.newCondition();
    }

    /**
     * Claims an accept id, waiting for an acceptance of the same id that is under way.
     *
     * @return the message that has it, 0 when it is now claimed
     */
    long claim(String acceptId) {
        lock.lock();
        try {
            while (inFlight.contains(acceptId)) {
                freed.awaitUninterruptibly();
            }
            long known = messages.getOrDefault(acceptId, 0L);
            known = known == 0 ? keptFor(acceptId) : known;
            if (known == 0) {
                inFlight.add(acceptId);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private long keptFor(String acceptId) {
        KeptKeys.Kept found = kept.get(acceptId);
        return found == null || isOver(found) ? 0 : found.message();
    }

    private boolean isOver(KeptKeys.Kept key) {
        return nowMillis.getAsLong() - key.atMillis() >= KEPT_MILLIS;
    }

    /** Ends a claim, whatever came of it. */
    void unclaim(String acceptId) {
        lock.lock();
        try {
            inFlight.remove(acceptId);
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The message of a key is done. */
    void keep(KeptKeys.Kept key) {
        kept.remove(key.key());
        kept.put(key.key(), key);
        Iterator<KeptKeys.Kept> oldest = kept.values().iterator();
        while (oldest.hasNext() && (isOver(oldest.next()) || kept.size() > KEPT_MAX)) {
            oldest.remove();
        }
    }

    /** Found in the file: older than those that are known already. */
    void load(List<KeptKeys.Kept> found) {
        List<KeptKeys.Kept> newer = List.copyOf(kept.values());
        kept.clear();
        found.forEach(this::keep);
        newer.forEach(this::keep);
    }

    /**
     * Those that count, the oldest first; behind them those of messages that may end from now on,
     * since they are not noted again.
     */
    List<KeptKeys.Kept> kept() {
        List<KeptKeys.Kept> all = new ArrayList<>(kept.size() + noted.size());
        kept.values().stream().filter(each -> !isOver(each)).forEach(all::add);
        noted.forEach(
                (message, at) -> {
                    String key = texts.get(message);
                    if (key != null) {
                        all.add(new KeptKeys.Kept(key, message, at));
                    }
                });
        return all;
    }

    void noted(KeptKeys.Kept key) {
        if (texts.containsKey(key.message())) {
            noted.put(key.message(), key.atMillis());
        }
    }

    /** The key is in the file, with a time that is about that of now. */
    boolean isNoted(long message) {
        Long at = noted.get(message);
        return at != null && nowMillis.getAsLong() - at < NOTED_MILLIS;
    }

    void put(String acceptId, long message) {
        if (!acceptId.isEmpty()) {
            messages.put(acceptId, message);
            texts.put(message, acceptId);
        }
    }

    void remove(long message) {
        String acceptId = texts.remove(message);
        if (acceptId != null) {
            messages.remove(acceptId, message);
            noted.remove(message);
            keep(new KeptKeys.Kept(acceptId, message, nowMillis.getAsLong()));
        }
    }

    /** Forgets those of other messages; at the start. */
    void keep(LongPredicate here) {
        texts.keySet().removeIf(id -> !here.test(id));
        messages.values().removeIf(id -> !here.test(id));
    }

    /** All of them, by message. */
    Map<Long, String> all() {
        return texts;
    }
}

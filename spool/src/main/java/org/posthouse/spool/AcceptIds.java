package org.posthouse.spool;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;

/**
 * Callers' keys against storing twice, as long as their message is here. Guarded by the lock of
 * {@link Index}, which {@link #claim} waits with.
 */
final class AcceptIds {
    private final Map<String, Long> messages = new HashMap<>();
    private final Map<Long, String> texts = new HashMap<>();
    private final Set<String> inFlight = new HashSet<>();
    private final Condition freed;

    AcceptIds(ReentrantLock lock) {
        freed = lock.newCondition();
    }

    /**
     * Claims an accept id, waiting for an acceptance of the same id that is under way.
     *
     * @return the message that has it, 0 when it is now claimed
     */
    long claim(String acceptId) {
        while (inFlight.contains(acceptId)) {
            freed.awaitUninterruptibly();
        }
        Long known = messages.get(acceptId);
        if (known != null) {
            return known;
        }
        inFlight.add(acceptId);
        return 0;
    }

    /** Ends a claim, whatever came of it. */
    void unclaim(String acceptId) {
        inFlight.remove(acceptId);
        freed.signalAll();
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

package org.posthouse.server;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The live sessions of a server, in the order of their start. */
final class Sessions {
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentSkipListMap<Long, LiveSession> live = new ConcurrentSkipListMap<>();

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    void add(LiveSession session) {
        live.put(session.number(), session);
    }

    void remove(LiveSession session) {
        live.remove(session.number());
    }

    List<LiveSession> all() {
        return List.copyOf(live.values());
    }
}

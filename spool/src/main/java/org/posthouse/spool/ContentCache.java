package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recent messages with their content, so that the first attempt reads nothing back. Bounded in
 * octets; the oldest goes first. Guarded by the index' lock.
 */
final class ContentCache {
    /** What the objects of an envelope weigh, roughly. */
    private static final int ENVELOPE_OCTETS = 1024;

    private final long octetsMax;
    private final Map<Long, Cached> cached = new LinkedHashMap<>();
    private long octets;

    /** A message in memory. */
    record Cached(StoredMessage message, AcceptRecord record, BytesContent content) {
        long octets() {
            return content.heldOctets() + ENVELOPE_OCTETS;
        }
    }

    ContentCache(long octetsMax) {
        this.octetsMax = octetsMax;
    }

    void put(long id, Cached message) {
        cached.put(id, message);
        octets += message.octets();
        Iterator<Cached> oldest = cached.values().iterator();
        while (octets > octetsMax && oldest.hasNext()) {
            octets -= oldest.next().octets();
            oldest.remove();
        }
    }

    @Nullable Cached get(long id) {
        return cached.get(id);
    }

    void remove(long id) {
        Cached removed = cached.remove(id);
        if (removed != null) {
            octets -= removed.octets();
        }
    }
}

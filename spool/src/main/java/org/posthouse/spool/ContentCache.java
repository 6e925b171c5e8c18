package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recent messages with their content, so that the first attempt reads nothing back; and messages
 * that were read back for one of many deliveries, so that they are not for each. Bounded in octets,
 * but the last of these stays; the oldest goes first. Guarded by the index' lock.
 */
final class ContentCache {
    /** What the objects of an envelope weigh, roughly. */
    private static final int ENVELOPE_OCTETS = 1024;

    /** The same, of each recipient. */
    private static final int RECIPIENT_OCTETS = 256;

    private final long octetsMax;
    private final Map<Long, Cached> cached = new LinkedHashMap<>();
    private long octets;

    /** A message in memory. */
    static final class Cached {
        private final StoredMessage message;
        private final AcceptRecord record;
        private final @Nullable BytesContent content;

        /** Made when first asked for, by whoever asks, with the index' lock or without. */
        private volatile @Nullable List<Grouping.Group> groups;

        /**
         * Of a record.
         *
         * @param content null when it has to be read
         */
        Cached(StoredMessage message, AcceptRecord record, @Nullable BytesContent content) {
            this.message = message;
            this.record = record;
            this.content = content;
        }

        StoredMessage message() {
            return message;
        }

        AcceptRecord record() {
            return record;
        }

        @Nullable BytesContent content() {
            return content;
        }

        /** The state of a delivery that nothing was recorded of. */
        StoredDelivery fresh(int number) {
            List<Grouping.Group> all = groups;
            if (all == null) {
                all = List.copyOf(record.groups());
                groups = all;
            }
            return record.fresh(all.get(number));
        }

        private long octets() {
            long envelope =
                    ENVELOPE_OCTETS
                            + (long) RECIPIENT_OCTETS * message.envelope().recipients().size();
            return content == null ? envelope : content.heldOctets() + envelope;
        }
    }

    ContentCache(long octetsMax) {
        this.octetsMax = octetsMax;
    }

    void put(long id, Cached message) {
        remove(id);
        cached.put(id, message);
        octets += message.octets();
        Iterator<Cached> oldest = cached.values().iterator();
        int kept = message.content() == null ? 1 : 0;
        while (octets > octetsMax && cached.size() > kept) {
            octets -= oldest.next().octets();
            oldest.remove();
        }
    }

    @Nullable Cached get(long id) {
        return cached.get(id);
    }

    /** It was written elsewhere: what was read of it no longer tells where its content is. */
    void forgetRead(long id) {
        Cached known = cached.get(id);
        if (known != null && known.content() == null) {
            remove(id);
        }
    }

    void remove(long id) {
        Cached removed = cached.remove(id);
        if (removed != null) {
            octets -= removed.octets();
        }
    }
}

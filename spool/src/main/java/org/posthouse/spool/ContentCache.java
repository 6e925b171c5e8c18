package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recent messages with their content, so that the first attempt reads nothing back; and beside
 * them, messages that were read back, so that they are not for each delivery, nor by the route and
 * by the attempt. Each bounded in octets, the oldest goes first; but what was read back last stays.
 * Guarded by the index' lock.
 */
final class ContentCache {
    /** What the objects of an envelope weigh, roughly. */
    private static final int ENVELOPE_OCTETS = 1024;

    /** The same, of each recipient. */
    private static final int RECIPIENT_OCTETS = 256;

    private final Shelf recent;
    private final Shelf readBack;

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
            long rest = content == null ? record.prefix().octets().length : content.heldOctets();
            return envelope + rest;
        }
    }

    /** Some messages, the oldest first. */
    private static final class Shelf {
        private final long octetsMax;
        private final int kept;
        private final Map<Long, Cached> cached = new LinkedHashMap<>();
        private long octets;

        Shelf(long octetsMax, int kept) {
            this.octetsMax = octetsMax;
            this.kept = kept;
        }

        void put(long id, Cached message) {
            cached.put(id, message);
            octets += message.octets();
            Iterator<Cached> oldest = cached.values().iterator();
            while (octets > octetsMax && cached.size() > kept) {
                octets -= oldest.next().octets();
                oldest.remove();
            }
        }

        void remove(long id) {
            Cached removed = cached.remove(id);
            octets -= removed == null ? 0 : removed.octets();
        }
    }

    /**
     * An empty one.
     *
     * @param octetsMax for recent messages; what was read back may take as much
     */
    ContentCache(long octetsMax) {
        recent = new Shelf(octetsMax, 0);
        readBack = new Shelf(octetsMax, 1);
    }

    void put(long id, Cached message) {
        remove(id);
        (message.content() == null ? readBack : recent).put(id, message);
    }

    @Nullable Cached get(long id) {
        Cached found = recent.cached.get(id);
        return found == null ? readBack.cached.get(id) : found;
    }

    /** It was written elsewhere: what was read of it no longer tells where its content is. */
    void forgetRead(long id) {
        readBack.remove(id);
    }

    void remove(long id) {
        recent.remove(id);
        readBack.remove(id);
    }
}

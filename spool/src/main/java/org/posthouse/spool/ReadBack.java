package org.posthouse.spool;

/**
 * Reads accept records back from the log, and keeps them in the cache: the router asks first, each
 * delivery of a message to many, and each attempt, and the record stands in a commit with others.
 */
final class ReadBack {
    private final Index index;
    private final ContentCache cache;

    ReadBack(Index index, ContentCache cache) {
        this.index = index;
        this.cache = cache;
    }

    /** The record of an extent that is pinned; without the index' lock. */
    ContentCache.Cached read(Extent extent) {
        AcceptRecord record = new LogReader().record(extent);
        var found = new ContentCache.Cached(Arrival.stored(record, extent.id()), record, null);
        index.lock.lock();
        try {
            keep(extent, found);
        } finally {
            index.lock.unlock();
        }
        return found;
    }

    /** Unless its message is done by now, or was written elsewhere. */
    private void keep(Extent extent, ContentCache.Cached found) {
        DeliveryRow row = index.row(extent.id());
        if (row != null
                && index.slots.get(row.acceptSlot()).equals(extent.segment())
                && row.acceptPosition() == extent.position()
                && cache.get(extent.id()) == null) {
            cache.put(extent.id(), found);
        }
    }
}

package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

/** Work for the committer. */
abstract sealed class Item permits DurableItem, EndItem, PassedItem, SnapshotItem {
    /** Links items on their way; the inbox owns it. */
    @Nullable Item next;

    /** Octets on disk. */
    abstract int octets();
}

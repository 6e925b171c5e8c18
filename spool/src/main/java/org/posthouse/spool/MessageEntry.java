package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * A message that is not done, as memory knows it. Guarded by the lock of {@link Index} once it is
 * in there.
 */
final class MessageEntry {
    final long id;
    final long acceptedAtMillis;
    final String acceptId;
    final long octets;
    final DeliveryEntry[] deliveries;

    /** Deliveries not done. */
    int openCount;

    /** Where it lies on disk; missing in a spool without a disk. */
    private final @Nullable Extent extent;

    MessageEntry(
            long id,
            long acceptedAtMillis,
            String acceptId,
            long octets,
            DeliveryEntry[] deliveries,
            @Nullable Extent extent) {
        this.id = id;
        this.acceptedAtMillis = acceptedAtMillis;
        this.acceptId = acceptId;
        this.octets = octets;
        this.deliveries = deliveries;
        this.extent = extent;
        openCount = deliveries.length;
        for (DeliveryEntry delivery : deliveries) {
            delivery.message = this;
        }
    }

    Extent extent() {
        return Objects.requireNonNull(extent);
    }
}

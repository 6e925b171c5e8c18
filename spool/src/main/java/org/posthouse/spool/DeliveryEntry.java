package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.List;

/** A delivery of a message that is not done. Guarded by the lock of {@link Index}. */
final class DeliveryEntry {
    /** Set once by the message's constructor. */
    @SuppressWarnings("NullAway.Init")
    MessageEntry message;

    final int number;
    final String domain;
    final boolean local;
    List<Integer> open;
    Progress progress;

    /** A settlement of it is on its way to the disk. */
    boolean settling;

    /** The segment that holds the last recorded state; none before the first settlement. */
    @Nullable Segment stateSegment;

    /** What that state counts there. */
    int stateOctets;

    DeliveryEntry(int number, String domain, boolean local, List<Integer> open, Progress progress) {
        this.number = number;
        this.domain = domain;
        this.local = local;
        this.open = open;
        this.progress = progress;
    }

    /** The deliveries of a fresh message. */
    static DeliveryEntry[] fresh(List<Grouping.Group> groups, Instant dueAt) {
        var entries = new DeliveryEntry[groups.size()];
        for (int i = 0; i < entries.length; i++) {
            Grouping.Group group = groups.get(i);
            Progress progress = new Progress(0, dueAt, false, false, "", group.via());
            entries[i] =
                    new DeliveryEntry(
                            i, group.domain(), group.local(), group.recipients(), progress);
        }
        return entries;
    }

    boolean isDone() {
        return open.isEmpty();
    }

    QueuedDelivery queued(long epoch) {
        DeliveryId id = new DeliveryId(new SpoolId(message.id), number);
        return new QueuedDelivery(id, epoch, domain, local, open, progress, message.octets);
    }
}

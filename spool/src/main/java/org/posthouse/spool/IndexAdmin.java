package org.posthouse.spool;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

import java.util.List;
import java.util.Optional;

/** The operator's view of an {@link Index}. */
record IndexAdmin(Index index, RecoveryReport recovery) implements SpoolAdmin {
    @Override
    public long messageCount() {
        return index.messageCount();
    }

    @Override
    public long deliveryCount() {
        return index.deliveryCount();
    }

    @Override
    public List<QueuedDelivery> list(DeliveryId after, int max) {
        return index.list(after, max);
    }

    @Override
    public Optional<QueuedDelivery> find(DeliveryId id) {
        index.lock.lock();
        try {
            return Optional.ofNullable(index.open(id)).map(found -> found.queued(index.epoch()));
        } finally {
            index.lock.unlock();
        }
    }

    @Override
    public List<QueuedDelivery> deliveriesOf(SpoolId id) {
        return index.deliveriesOf(id);
    }
}

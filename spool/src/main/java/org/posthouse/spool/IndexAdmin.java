package org.posthouse.spool;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The operator's view of an {@link Index}. */
record IndexAdmin(Index index, RecoveryReport recovery) implements SpoolAdmin {
    private <T> T locked(Supplier<T> look) {
        index.lock.lock();
        try {
            return look.get();
        } finally {
            index.lock.unlock();
        }
    }

    @Override
    public long messageCount() {
        return locked(index::messageCount);
    }

    @Override
    public long deliveryCount() {
        return locked(index.table::count);
    }

    @Override
    public long heldCount() {
        return locked(index::heldCount);
    }

    @Override
    public long deliveryCount(String domain) {
        return locked(() -> index.domains.count(domain));
    }

    @Override
    public Map<String, Long> deliveriesByDomain() {
        return locked(index.domains::counts);
    }

    @Override
    public List<QueuedDelivery> list(DeliveryId after, int max) {
        List<QueuedDelivery> found = new ArrayList<>();
        index.lock.lock();
        try {
            DeliveryRow row = index.table.ceiling(after.message().value(), after.number() + 1);
            while (row != null && found.size() < max) {
                found.add(index.queued(row));
                row = index.table.next(row);
            }
        } finally {
            index.lock.unlock();
        }
        return found;
    }

    @Override
    public List<QueuedDelivery> list(String domain, DeliveryId after, int max) {
        List<QueuedDelivery> found = new ArrayList<>();
        var scan = new DomainScan(index, domain, after);
        while (scan.nextPage()) {
            index.lock.lock();
            try {
                scan.list(max, found);
            } finally {
                index.lock.unlock();
            }
        }
        return found;
    }

    @Override
    public long retryNow(String domain) {
        return index.retryNow(domain);
    }

    @Override
    public long wakeDue() {
        return index.wakeDue();
    }

    @Override
    public Optional<QueuedDelivery> find(DeliveryId id) {
        return locked(() -> Optional.ofNullable(index.find(id)).map(index::queued));
    }

    @Override
    public List<QueuedDelivery> deliveriesOf(SpoolId id) {
        return locked(() -> index.table.rowsOf(id.value()).stream().map(index::queued).toList());
    }
}

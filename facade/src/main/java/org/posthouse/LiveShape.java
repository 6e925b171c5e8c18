package org.posthouse;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.relay.Relay;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;

/** Goes through a spool and counts what has something in common. */
final class LiveShape implements QueueShape.Shaping {
    /** Deliveries at a time, by what memory knows. */
    private static final int PAGE = 10_000;

    /** The same, where each message is read. */
    private static final int PAGE_READ = 500;

    private static final DeliveryId FIRST = new DeliveryId(new SpoolId(1), 0);

    private final Spool spool;
    private final Relay relay;
    private final QueueShape.By by;
    private final QueueShape.Counting counting;
    private DeliveryId after = FIRST;

    LiveShape(Spool spool, Relay relay, QueueShape.By by, Instant now) {
        this.spool = spool;
        this.relay = relay;
        this.by = by;
        counting = new QueueShape.Counting(now);
    }

    @Override
    public boolean advance() {
        int max = by == QueueShape.By.DOMAIN ? PAGE : PAGE_READ;
        List<QueuedDelivery> page = spool.admin().list(after, max);
        for (QueuedDelivery each : page) {
            count(each);
        }
        after = page.isEmpty() ? after : page.getLast().id();
        return page.size() == max;
    }

    /** What was settled a moment ago doesn't count. */
    private void count(QueuedDelivery delivery) {
        try {
            counting.add(name(delivery), delivery);
        } catch (NoSuchElementException settled) {
            return;
        }
    }

    private String name(QueuedDelivery delivery) {
        if (by == QueueShape.By.DOMAIN) {
            return delivery.domain();
        }
        StoredMessage message = spool.message(delivery.id().message());
        return switch (by) {
            case DOMAIN -> delivery.domain();
            case SENDER -> sender(message.envelope().reversePath());
            case LOGIN -> message.origin().login();
            case CLIENT -> message.origin().clientAddress();
            case ROUTE -> relay.wayOf(message, delivery, spool.delivery(delivery.id())).route();
            case MX_HOST -> relay.wayOf(message, delivery, spool.delivery(delivery.id())).site();
        };
    }

    private static String sender(ReversePath path) {
        return path.isNull() ? "<>" : path.address();
    }

    @Override
    public long seen() {
        return counting.seen();
    }

    @Override
    public QueueShape shape(int rowsMax) {
        return counting.shape(rowsMax);
    }
}

package org.posthouse.relay;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Mailbox;
import org.posthouse.platform.TimeSource;
import org.posthouse.spool.Progress;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.List;

/**
 * Keeps deliveries back, lets them go and removes them because their operator says so. What is told
 * is durable. Without a thread of its own; the caller waits for the disk.
 */
final class ByHand {
    private final Spool spool;
    private final TimeSource time;
    private final MailEvents events;

    ByHand(Spool spool, TimeSource time, MailEvents events) {
        this.spool = spool;
        this.time = time;
        this.events = events;
    }

    /** False when it is held already, or not durable. */
    boolean hold(QueuedDelivery claimed) {
        StoredDelivery stored = spool.delivery(claimed.id());
        return !claimed.held()
                && settle(claimed, stored.openRecipients(), stored.progress().held(true))
                && tell(claimed, MailEvent.Change.HELD, List.of());
    }

    /** Due now; false when it is not held, or not durable. */
    boolean release(QueuedDelivery claimed) {
        Instant now = time.now();
        StoredDelivery stored = spool.delivery(claimed.id());
        Progress progress = stored.progress().held(false).dueAt(now);
        return claimed.held()
                && settle(claimed, stored.openRecipients(), progress)
                && tell(claimed, MailEvent.Change.RELEASED, List.of());
    }

    /** Nobody gets a report; false when it is not durable. */
    boolean drop(QueuedDelivery claimed) {
        StoredMessage message = spool.message(claimed.id().message());
        List<Mailbox> left =
                spool.delivery(claimed.id()).openRecipients().stream()
                        .map(i -> message.envelope().recipients().get(i).mailbox())
                        .toList();
        boolean durable = settle(claimed, List.of(), Progress.fresh(claimed.nextDueAt()));
        if (durable) {
            tell(claimed, MailEvent.Change.DROPPED, left);
            Settler.tellIfSettled(message, spool, time, events);
        }
        return durable;
    }

    private boolean settle(QueuedDelivery claimed, List<Integer> open, Progress progress) {
        return spool.settle(
                List.of(new Settlement(claimed.id(), claimed.epoch(), open, progress, List.of())));
    }

    private boolean tell(QueuedDelivery claimed, MailEvent.Change change, List<Mailbox> former) {
        events.emit(new MailEvent.DeliveryChanged(time.now(), claimed.id(), change, former, ""));
        return true;
    }
}

package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.spool.Progress;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolAdmin;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Delivers what the spool holds: takes what is due, finds the next hop, attempts, settles, reports.
 * What can't go on now goes back to the spool until an instant, so that here are objects only for
 * what is being attempted or settled, whatever the length of the queue.
 *
 * <pre>
 * thread        | does
 * --------------+---------------------------------------------------------------------------
 * taker         | takes from the spool what is due, reads and routes it, or gives it back
 * worker        | one connection to one site each; ends when it idled long enough
 * settler       | makes outcomes durable, many in one commit, then tells them
 * hook          | one for each question to the program, while it is being answered
 * </pre>
 *
 * There is no timer: what waits for a site that can't be reached is given out again when the site
 * may be probed, and whichever comes first is the probe.
 *
 * <p>A relay is started once and closed once.
 *
 * @since 0.1
 */
public final class Relay implements AutoCloseable {
    private final Spool spool;
    private final Dispatcher dispatcher;
    private final RelayThreads running;

    /** Makes a relay; nothing runs before {@link #start}. */
    public Relay(RelayParts parts) {
        spool = parts.spool();
        running = new RelayThreads(parts);
        dispatcher = running.dispatcher();
    }

    /** Begins to deliver. */
    public void start() {
        running.start();
    }

    /**
     * Lets a delivery be attempted now, due or not, even if its site is known as unreachable; false
     * when it is not here, held or in flight. A crash forgets it.
     */
    public boolean retryNow(DeliveryId delivery) {
        Optional<QueuedDelivery> claimed = spool.claim(delivery);
        if (claimed.isEmpty()) {
            return false;
        }
        boolean held = claimed.get().held();
        if (!held) {
            dispatcher.wish(delivery);
        }
        spool.giveBack(delivery, running.now());
        return !held;
    }

    /**
     * The same for all deliveries of a domain that are neither held nor in flight. Its site, if it
     * is known as unreachable, is tried once.
     *
     * @return how many
     */
    public long retryNow(String domain) {
        dispatcher.wish(domain, running.siteOf(domain));
        return spool.admin().retryNow(domain);
    }

    /** No attempts until released; false when it is not here, held already or in flight. */
    public boolean hold(DeliveryId delivery) {
        return change(
                delivery,
                claimed -> !claimed.held() && settle(claimed, progress -> progress.held(true)));
    }

    /** Releases a held delivery, due now; false when it is not here or not held. */
    public boolean release(DeliveryId delivery) {
        Instant now = running.now();
        return change(
                delivery,
                claimed ->
                        claimed.held() && settle(claimed, state -> state.held(false).dueAt(now)));
    }

    /** Removes a delivery without a report; false when it is not here or in flight. */
    public boolean remove(DeliveryId delivery) {
        return change(
                delivery,
                claimed -> settle(claimed, List.of(), Progress.fresh(claimed.nextDueAt())));
    }

    /**
     * Gives a delivery up: its recipients have failed for good, with the reports of that, as when
     * it expires. Durable on return; false when it is not here, in flight, or can't be stored.
     */
    public boolean fail(DeliveryId delivery) {
        return change(delivery, running.givingUp()::giveUp);
    }

    /** Where a delivery stands now; empty when it is not here (any more). */
    public Optional<QueuedDelivery> find(DeliveryId delivery) {
        return spool.admin().find(delivery);
    }

    /** When a message is given up, if it is not delivered before. */
    public Instant givesUpAt(StoredMessage message) {
        return running.schedule().expiresAt(message);
    }

    /** How much is where. */
    public RelayCounts counts() {
        SpoolAdmin queue = spool.admin();
        return dispatcher.counts(queue.deliveryCount(), queue.heldCount());
    }

    /**
     * Starts no more attempts, lets those that run finish within the time, then cuts them; what is
     * not settled stays in the spool.
     */
    public void drain(Duration within) {
        running.drain(within);
    }

    /** {@link #drain} without any time. */
    @Override
    public void close() {
        drain(Duration.ZERO);
    }

    /** Whatever comes of it, the delivery goes back: for now, so that it is placed anew. */
    private boolean change(DeliveryId id, Predicate<QueuedDelivery> change) {
        Optional<QueuedDelivery> claimed = spool.claim(id);
        if (claimed.isEmpty()) {
            return false;
        }
        boolean durable = false;
        try {
            durable = change.test(claimed.get());
        } finally {
            if (durable) {
                dispatcher.unpark(id);
            }
            spool.giveBack(id, running.now());
        }
        return durable;
    }

    private boolean settle(QueuedDelivery claimed, UnaryOperator<Progress> change) {
        StoredDelivery stored = spool.delivery(claimed.id());
        return settle(claimed, stored.openRecipients(), change.apply(stored.progress()));
    }

    private boolean settle(QueuedDelivery claimed, List<Integer> open, Progress progress) {
        return spool.settle(
                List.of(new Settlement(claimed.id(), claimed.epoch(), open, progress, List.of())));
    }
}

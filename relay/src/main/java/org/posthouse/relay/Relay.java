package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.spool.Progress;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Delivers what the spool holds: takes deliveries, waits until they are due, finds the next hop,
 * attempts, settles, reports.
 *
 * <pre>
 * thread        | does
 * --------------+---------------------------------------------------------------------------
 * taker         | takes arrivals from the spool, launches those that are due
 * timer         | launches what becomes due, probes sites that could not be reached
 * worker        | one connection to one site each; ends when it idled long enough
 * settler       | makes outcomes durable, many in one commit, then tells them
 * hook          | one for each question to the program, while it is being answered
 * </pre>
 *
 * A relay is started once and closed once.
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

    /** Makes a delivery due now; false when it is not here, held or in flight. */
    public boolean retryNow(DeliveryId delivery) {
        return dispatcher.retryNow(delivery);
    }

    /** No attempts until released; false when it is not here, held already or in flight. */
    public boolean hold(DeliveryId delivery) {
        Delivery claimed = dispatcher.claim(delivery, false);
        return claimed != null && change(claimed, claimed.progress().held(true));
    }

    /** Releases a held delivery, due now; false when it is not here or not held. */
    public boolean release(DeliveryId delivery) {
        Delivery claimed = dispatcher.claim(delivery, true);
        return claimed != null
                && change(claimed, claimed.progress().held(false).dueAt(running.now()));
    }

    /** Removes a delivery without a report; false when it is not here or in flight. */
    public boolean remove(DeliveryId delivery) {
        Delivery claimed = dispatcher.claim(delivery, false);
        if (claimed == null) {
            claimed = dispatcher.claim(delivery, true);
        }
        return claimed != null && settle(claimed, List.of(), claimed.progress());
    }

    /** Where a delivery stands now; empty when it is not here (any more, or yet). */
    public Optional<QueuedDelivery> find(DeliveryId delivery) {
        return Optional.ofNullable(dispatcher.view(delivery));
    }

    /** How much is where. */
    public RelayCounts counts() {
        return dispatcher.counts();
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

    private boolean change(Delivery claimed, Progress progress) {
        return settle(claimed, claimed.openRecipients(), progress);
    }

    private boolean settle(Delivery claimed, List<Integer> open, Progress progress) {
        var settlement = new Settlement(claimed.id(), claimed.epoch(), open, progress, List.of());
        boolean durable = false;
        try {
            durable = spool.settle(List.of(settlement));
        } finally {
            if (durable) {
                dispatcher.changed(claimed, settlement);
            } else {
                dispatcher.unclaim(claimed);
            }
        }
        return durable;
    }
}

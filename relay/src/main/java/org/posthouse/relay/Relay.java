package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Platform;
import org.posthouse.policy.PolicySet;
import org.posthouse.spool.Spool;
import org.posthouse.store.MessageStore;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Delivers what the spool holds: takes deliveries, waits until they are due, finds the next hop,
 * attempts, settles, reports.
 *
 * @since 0.1
 */
public final class Relay implements AutoCloseable {
    /**
     * Makes a relay; nothing runs before {@link #start}.
     *
     * @param rules asked at each attempt, so that a change applies to mail already queued
     */
    public Relay(
            Platform platform,
            Spool spool,
            MessageStore store,
            Supplier<PolicySet> rules,
            RelaySettings settings,
            RelayHooks hooks,
            MailEvents events) {}

    /** Begins to deliver. */
    public void start() {}

    /** Makes a delivery due now; false when it is not here or in flight. */
    public boolean retryNow(DeliveryId delivery) {
        return false;
    }

    /** No attempts until released; false when it is not here or in flight. */
    public boolean hold(DeliveryId delivery) {
        return false;
    }

    /** Releases a held delivery, due now; false when it is not here or not held. */
    public boolean release(DeliveryId delivery) {
        return false;
    }

    /** Removes a delivery without a report; false when it is not here or in flight. */
    public boolean remove(DeliveryId delivery) {
        return false;
    }

    /**
     * Starts no more attempts, lets those that run finish within the time, then cuts them; what is
     * not settled stays in the spool.
     */
    public void drain(Duration within) {}

    /** {@link #drain} without any time. */
    @Override
    public void close() {}
}

package org.posthouse.spool;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The queue as an operator sees it. Reads the spool's state; changes of one delivery go through the
 * scheduler, which knows what is in flight and settles.
 *
 * @since 0.1
 */
public interface SpoolAdmin {
    /** Messages not done. */
    long messageCount();

    /** Deliveries not done. */
    long deliveryCount();

    /** Of these, those that wait for an operator. */
    long heldCount();

    /** Deliveries not done for a domain; 0 when there are none. */
    long deliveryCount(String domain);

    /** Deliveries not done by domain, in the order of the domains' names. */
    Map<String, Long> deliveriesByDomain();

    /** The deliveries not done after the given one in the order of ids, at most {@code max}. */
    List<QueuedDelivery> list(DeliveryId after, int max);

    /** The same for the deliveries of one domain. Reads the whole queue's records in memory. */
    List<QueuedDelivery> list(String domain, DeliveryId after, int max);

    /**
     * Lets {@link Spool#take} give out all deliveries of a domain now that are neither given out
     * nor held, due or not. Not stored: a crash forgets it. Whoever takes them sees when they are
     * due, and must know by itself why they come early.
     *
     * @return how many
     */
    long retryNow(String domain);

    /**
     * Lets {@link Spool#take} give out all deliveries now that are due and neither given out nor
     * held, until whenever they were given back. Not stored.
     *
     * @return how many
     */
    long wakeDue();

    /** One delivery that is not done. */
    Optional<QueuedDelivery> find(DeliveryId id);

    /** The deliveries of a message that are not done. */
    List<QueuedDelivery> deliveriesOf(SpoolId id);

    /** What the start found: messages recovered, frames cut or damaged. */
    RecoveryReport recovery();
}

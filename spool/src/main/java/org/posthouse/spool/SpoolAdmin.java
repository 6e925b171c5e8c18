package org.posthouse.spool;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

import java.util.List;
import java.util.Optional;

/**
 * The queue as an operator sees it. Reads the spool's state; changes go through the scheduler,
 * which knows what is in flight and settles.
 *
 * @since 0.1
 */
public interface SpoolAdmin {
    /** Messages not done. */
    long messageCount();

    /** Deliveries not done. */
    long deliveryCount();

    /** The deliveries not done after the given one in the order of ids, at most {@code max}. */
    List<QueuedDelivery> list(DeliveryId after, int max);

    /** One delivery that is not done. */
    Optional<QueuedDelivery> find(DeliveryId id);

    /** The deliveries of a message that are not done. */
    List<QueuedDelivery> deliveriesOf(SpoolId id);

    /** What the start found: messages recovered, frames cut or damaged. */
    RecoveryReport recovery();
}

package org.posthouse.spool;

import org.posthouse.core.DeliveryId;

import java.time.Instant;
import java.util.Objects;

/**
 * A delivery that is not done, as far as memory knows it; {@link Spool#delivery} has the rest.
 *
 * @param id its name
 * @param epoch the ownership under which it was given out; goes back with the settlement
 * @param domain the recipients' domain; one delivery holds one domain, one kind of disposition, and
 *     a thousand recipients at most
 * @param local true for the local store, false for relaying
 * @param attempts attempts that count against its schedule, at most 65,535
 * @param nextDueAt no attempt before this instant, in whole milliseconds
 * @param held true: no attempt at all until released
 * @param warned true once the delay report was made (or must not be made)
 * @param fixedHop true when its domain does not tell the way: a fixed next hop was chosen for it,
 *     or its message waives what its domain has published about TLS
 * @param expires true when its message has an instant of its own at which it is given up
 * @param octets length of the content, prefix included
 * @since 0.1
 */
public record QueuedDelivery(
        DeliveryId id,
        long epoch,
        String domain,
        boolean local,
        int attempts,
        Instant nextDueAt,
        boolean held,
        boolean warned,
        boolean fixedHop,
        boolean expires,
        long octets) {
    /** Checks that nothing is missing. */
    public QueuedDelivery {
        Objects.requireNonNull(id);
        Objects.requireNonNull(domain);
        Objects.requireNonNull(nextDueAt);
    }
}

package org.posthouse.spool;

import org.posthouse.core.DeliveryId;

import java.util.List;
import java.util.Objects;

/**
 * A delivery that is not done, with its present state.
 *
 * @param id its name
 * @param epoch the ownership under which it was given out; goes back with the settlement
 * @param domain the recipients' domain; one delivery holds one domain and one kind of disposition
 * @param local true for the local store, false for relaying
 * @param openRecipients positions in the envelope of the recipients not done yet, rising
 * @param progress attempts, next due instant, last reply
 * @param octets length of the content, prefix included
 * @since 0.1
 */
public record QueuedDelivery(
        DeliveryId id,
        long epoch,
        String domain,
        boolean local,
        List<Integer> openRecipients,
        Progress progress,
        long octets) {
    /** Copies the list and checks that somebody is left. */
    public QueuedDelivery {
        Objects.requireNonNull(id);
        Objects.requireNonNull(domain);
        Objects.requireNonNull(progress);
        openRecipients = List.copyOf(openRecipients);
        if (openRecipients.isEmpty()) {
            throw new IllegalArgumentException("nobody is left in " + id);
        }
    }
}

package org.posthouse.spool;

import org.posthouse.core.DeliveryId;

import java.util.List;

/**
 * A delivery as the log tells.
 *
 * @param id its name
 * @param domain of its recipients
 * @param isLocal for the local store, not for relaying
 * @param recipients positions in the envelope of all its recipients
 * @param openRecipients positions of those not done; empty: the delivery is done
 * @param progress how far it has come; says nothing when it is done
 * @since 0.1
 */
public record InspectedDelivery(
        DeliveryId id,
        String domain,
        boolean isLocal,
        List<Integer> recipients,
        List<Integer> openRecipients,
        Progress progress) {
    /** Copies the lists. */
    public InspectedDelivery {
        recipients = List.copyOf(recipients);
        openRecipients = List.copyOf(openRecipients);
    }

    /** True when nobody is left. */
    public boolean isDone() {
        return openRecipients.isEmpty();
    }
}

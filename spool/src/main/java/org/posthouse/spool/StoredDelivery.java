package org.posthouse.spool;

import java.util.List;
import java.util.Objects;

/**
 * The stored state of a delivery that is not done, read when it is due or shown.
 *
 * @param openRecipients positions in the envelope of the recipients not done yet, rising
 * @param progress attempts, next due instant, last reply
 * @since 0.1
 */
public record StoredDelivery(List<Integer> openRecipients, Progress progress) {
    /** Copies the list and checks that somebody is left. */
    public StoredDelivery {
        Objects.requireNonNull(progress);
        openRecipients = List.copyOf(openRecipients);
        if (openRecipients.isEmpty()) {
            throw new IllegalArgumentException("nobody is left");
        }
    }
}

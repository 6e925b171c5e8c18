package org.posthouse.spool;

import org.posthouse.core.DeliveryId;

import java.util.List;
import java.util.Objects;

/**
 * What became of a delivery, with the messages (reports) that come into being in the same commit:
 * all or nothing.
 *
 * @param delivery which
 * @param epoch the ownership under which it was given out
 * @param openRecipients positions of the recipients still not done; empty: the delivery is done
 * @param progress the state of what is left; ignored when nothing is
 * @param inserts reports to accept in the same commit
 * @since 0.1
 */
public record Settlement(
        DeliveryId delivery,
        long epoch,
        List<Integer> openRecipients,
        Progress progress,
        List<Acceptance> inserts) {
    /** Copies the lists. */
    public Settlement {
        Objects.requireNonNull(delivery);
        Objects.requireNonNull(progress);
        openRecipients = List.copyOf(openRecipients);
        inserts = List.copyOf(inserts);
    }

    /**
     * Checks that those still open were open before, and are in order.
     *
     * @throws IllegalStateException when one was not
     */
    void requireAmong(List<Integer> before) {
        int at = 0;
        for (int position : openRecipients) {
            while (at < before.size() && before.get(at) != position) {
                at++;
            }
            if (at++ >= before.size()) {
                throw new IllegalStateException(
                        "recipient "
                                + position
                                + " of "
                                + delivery
                                + " is not open, or out of order");
            }
        }
    }

    /** True when nobody is left. */
    public boolean isDone() {
        return openRecipients.isEmpty();
    }
}

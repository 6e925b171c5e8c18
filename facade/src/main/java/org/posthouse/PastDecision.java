package org.posthouse;

import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What was decided about a message when it was accepted.
 *
 * @param origin where it came from; empty texts for what the program sent itself
 * @param octets its length
 * @param recipientCount all its recipients; those beyond the first hundred are not kept
 * @param recipients what became of them
 * @since 0.1
 */
public record PastDecision(
        SpoolId id,
        Instant acceptedAt,
        Origin origin,
        ReversePath reversePath,
        long octets,
        int recipientCount,
        List<ForRecipient> recipients) {
    /** Copies the list. */
    public PastDecision {
        recipients = List.copyOf(recipients);
    }

    /**
     * A recipient.
     *
     * @param explanation the way to the decision of then
     * @param today what the configuration of now would do instead; empty: the same
     */
    public record ForRecipient(Mailbox mailbox, Explanation explanation, String today) {
        /** Checks that nothing is missing. */
        public ForRecipient {
            Objects.requireNonNull(mailbox);
            Objects.requireNonNull(explanation);
            Objects.requireNonNull(today);
        }
    }
}

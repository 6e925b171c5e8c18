package org.posthouse;

import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What happened to a message, as {@link Posthouse#timeline} tells it. What is in the queue comes
 * from there, the past from what is kept of it: where that was lost, or is over, something is
 * missing in between.
 *
 * @param origin where it came from; empty texts for what the program sent itself
 * @param octets its length
 * @param subject of a queued message, and of another one where subjects are kept; else empty
 * @param recipientCount all its recipients
 * @param recipients the first hundred of them
 * @param deliveries by their number
 * @since 0.1
 */
public record Timeline(
        SpoolId id,
        Instant acceptedAt,
        Origin origin,
        ReversePath reversePath,
        long octets,
        String subject,
        int recipientCount,
        List<ForRecipient> recipients,
        List<Way> deliveries) {
    /** Copies the lists. */
    public Timeline {
        Objects.requireNonNull(id);
        Objects.requireNonNull(acceptedAt);
        Objects.requireNonNull(origin);
        Objects.requireNonNull(reversePath);
        Objects.requireNonNull(subject);
        recipients = List.copyOf(recipients);
        deliveries = List.copyOf(deliveries);
    }

    /** How it stands with a recipient. */
    public enum State {
        /** In the queue: held, due or waiting. */
        QUEUED,
        /** A next hop, or the local store, took it. */
        DELIVERED,
        /** It failed for good. */
        FAILED,
        /** Removed by the operator, without a report. */
        DROPPED,
        /** Others get the message in its place: the operator said so. */
        REDIRECTED,
        /** Not in the queue, and nothing is known of it any more. */
        UNKNOWN
    }

    /**
     * A recipient.
     *
     * @param delivery the number of the delivery that it belongs to; -1 where that is not known
     */
    public record ForRecipient(
            Mailbox mailbox, Disposition disposition, int delivery, State state) {
        /** Checks that nothing is missing. */
        public ForRecipient {
            Objects.requireNonNull(mailbox);
            Objects.requireNonNull(disposition);
            Objects.requireNonNull(state);
        }
    }

    /**
     * What happened to the recipients of one domain.
     *
     * @param number of the delivery
     * @param queued how it stands in the queue; empty when it has left it
     * @param givesUpAt when it is given up; {@link Instant#MAX} when it has left the queue
     * @param events in order: {@link MailEvent.Routed}, {@link MailEvent.Tried} without its
     *     dialogue, {@link MailEvent.Delivered}, {@link MailEvent.Deferred}, {@link
     *     MailEvent.Failed}, {@link MailEvent.DeliveryChanged}
     */
    public record Way(
            int number,
            Optional<QueueView.Entry> queued,
            Instant givesUpAt,
            List<MailEvent> events) {
        /** Copies the list. */
        public Way {
            Objects.requireNonNull(queued);
            Objects.requireNonNull(givesUpAt);
            events = List.copyOf(events);
        }
    }
}

package org.posthouse;

import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.spool.StoredMessage;
import org.posthouse.spool.Tried;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The queue, live: messages that are accepted and not settled.
 *
 * @since 0.1
 */
public interface QueueView {
    /** Messages in it. */
    long messages();

    /** Deliveries (message and recipient domain) in it. */
    long deliveries();

    /** Deliveries in the order of their ids, at most {@code max}. */
    List<Entry> list(int max);

    /** The next page: deliveries behind the given one. */
    List<Entry> listAfter(DeliveryId after, int max);

    /** The same for one domain; the records of the whole queue are gone through. */
    List<Entry> listAfter(String domain, DeliveryId after, int max);

    /**
     * How old what waits is, by domain; the records of the whole queue are gone through.
     *
     * @param now what ages end at
     * @param domainsMax how many domains are told one by one
     */
    QueueShape shape(Instant now, int domainsMax);

    /** One delivery. */
    Optional<Entry> find(DeliveryId id);

    /** The deliveries of a message. */
    List<Entry> of(SpoolId message);

    /** Makes a delivery due now; false when it is not here or being attempted. */
    boolean retryNow(DeliveryId id);

    /** No attempt until released; false when it is not here or being attempted. */
    boolean hold(DeliveryId id);

    /** Ends a hold; false when it is not here or not held. */
    boolean release(DeliveryId id);

    /** Removes a delivery without a report; false when it is not here or being attempted. */
    boolean remove(DeliveryId id);

    /**
     * Gives a delivery up: its recipients have failed, with the reports of that, as when it
     * expires. False when it is not here, being attempted, or could not be stored.
     */
    boolean fail(DeliveryId id);

    /** The facts of a message in it. */
    Optional<StoredMessage> message(SpoolId id);

    /**
     * The content of a message in it, with the trace fields; to be closed. It stays readable until
     * then.
     */
    Optional<Content> content(SpoolId id);

    /**
     * One delivery.
     *
     * @param id its name
     * @param origin where its message came from
     * @param from the reverse-path of its message
     * @param recipients those not done yet
     * @param domain their domain
     * @param acceptedAt when the message was accepted
     * @param octets length of the content
     * @param attempts so far
     * @param nextDueAt when it is tried next
     * @param held waiting for a release
     * @param lastReply what was said last; empty before the first attempt
     * @param expiresAt when it is given up; {@link Instant#MAX} for when the retry schedule says so
     * @param tried when it was attempted, why it waits, and whether somebody may have the message
     *     already; empty before the first attempt
     */
    record Entry(
            DeliveryId id,
            Origin origin,
            ReversePath from,
            List<Mailbox> recipients,
            String domain,
            Instant acceptedAt,
            long octets,
            int attempts,
            Instant nextDueAt,
            boolean held,
            String lastReply,
            Instant expiresAt,
            Optional<Tried> tried) {
        /** Copies the list. */
        public Entry {
            recipients = List.copyOf(recipients);
        }
    }
}

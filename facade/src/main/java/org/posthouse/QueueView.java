package org.posthouse;

import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.relay.Learned;
import org.posthouse.relay.Standing;
import org.posthouse.relay.Suspension;
import org.posthouse.relay.Way;
import org.posthouse.spool.StoredMessage;
import org.posthouse.spool.Tried;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
    default QueueShape shape(Instant now, int domainsMax) {
        QueueShape.Shaping shaping = shaping(QueueShape.By.DOMAIN, now);
        while (shaping.advance()) {}
        return shaping.shape(domainsMax);
    }

    /**
     * Begins to find out how old what waits is. By all but the domain every message is read.
     *
     * @param now what ages end at
     */
    QueueShape.Shaping shaping(QueueShape.By by, Instant now);

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

    /**
     * Sends a delivery another way; durable. False when it is not here, being attempted, has none
     * of the recipients to be replaced, or could not be stored.
     *
     * @throws PosthouseException when there is no such route, or a new recipient can't be
     */
    boolean redirect(DeliveryId id, Redirection redirection);

    /**
     * Keeps a part of the queue from being tried, what comes yet too, until it is resumed or the
     * suspension ends by itself; durable. One of the same scope and pattern is replaced.
     *
     * @throws PosthouseException when there are too many, or it could not be stored
     */
    void suspend(Suspension suspension);

    /**
     * Ends a suspension; durable. What is due is tried at once, and the host, even if it is known
     * as unreachable. False when there is none of this scope and pattern.
     *
     * @throws PosthouseException when it could not be stored
     */
    boolean resume(Suspension.Scope scope, String pattern);

    /** The suspensions in force, the oldest first. */
    List<Suspension> suspensions();

    /**
     * What was learnt about a destination by itself, and bounds what is sent there: rates that
     * hosts wanted, numbers of connections that they take, hosts that can't be reached, sources
     * with a bad name.
     *
     * @param destination a host, a domain or the name of a route; {@code *} stands for any
     *     characters of a host or route. Where a domain's mail goes is known once it was tried
     *     since the start.
     * @throws IllegalArgumentException when it is empty, too long, or not one line
     */
    List<Learned> learned(String destination);

    /**
     * How it stands with the next hops of recipient domains: connections, and whether the other
     * side slows us down. Cheap, whatever else there is; of mail that a rule of its own, an
     * operator or a hook sends elsewhere, nothing is told.
     *
     * @return by domain; without those whose mail was not tried since the start, or stays here
     */
    Map<String, Standing> standings(Collection<String> domains);

    /**
     * Takes that back: mail goes there as to a destination that is new, and what waits for it comes
     * soon, slowly. With a host's rate goes that of its provider. A crash within a minute brings it
     * back.
     *
     * @param destination as above
     * @return what was taken back
     * @throws IllegalArgumentException as above
     */
    List<Learned> clear(String destination);

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
     * @param way where it goes by the rules of now, and what keeps it from that
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
            Optional<Tried> tried,
            Way way) {
        /** Copies the list. */
        public Entry {
            recipients = List.copyOf(recipients);
        }
    }
}

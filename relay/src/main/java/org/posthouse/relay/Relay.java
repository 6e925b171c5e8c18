package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Mailbox;
import org.posthouse.policy.Verdict;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolAdmin;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Delivers what the spool holds: takes what is due, finds the next hop, attempts, settles, reports.
 * What can't go on now goes back to the spool until an instant, so that here are objects only for
 * what is being attempted or settled, whatever the length of the queue.
 *
 * <pre>
 * thread        | does
 * --------------+---------------------------------------------------------------------------
 * taker         | takes from the spool what is due, reads and routes it, or gives it back
 * worker        | one connection to one site each; ends when it idled long enough
 * settler       | makes outcomes durable, many in one commit, then tells them
 * hook          | one for each question to the program, while it is being answered
 * </pre>
 *
 * There is no timer: what waits for a site that can't be reached is given out again when the site
 * may be probed, and whichever comes first is the probe.
 *
 * <p>A relay is started once and closed once.
 *
 * @since 0.1
 */
public final class Relay implements AutoCloseable {
    private final Spool spool;
    private final Dispatcher dispatcher;
    private final RelayThreads running;

    /** Makes a relay; nothing runs before {@link #start}. */
    public Relay(RelayParts parts) {
        spool = parts.spool();
        running = new RelayThreads(parts);
        dispatcher = running.dispatcher();
    }

    /** Begins to deliver. */
    public void start() {
        running.start();
    }

    /**
     * Lets a delivery be attempted now, due or not, even if its site is known as unreachable; false
     * when it is not here, held or in flight. A crash forgets it.
     */
    public boolean retryNow(DeliveryId delivery) {
        Optional<QueuedDelivery> claimed = spool.claim(delivery);
        if (claimed.isEmpty()) {
            return false;
        }
        boolean held = claimed.get().held();
        if (!held) {
            dispatcher.interventions().wish(delivery);
        }
        spool.giveBack(delivery, running.now());
        return !held;
    }

    /**
     * The same for all deliveries of a domain that are neither held nor in flight. Its sites, if
     * they are known as unreachable, are tried once each.
     *
     * @return how many
     */
    public long retryNow(String domain) {
        dispatcher.interventions().wish(domain, running.sitesOf(domain));
        return spool.admin().retryNow(domain);
    }

    /** No attempts until released; false when it is not here, held already or in flight. */
    public boolean hold(DeliveryId delivery) {
        return change(delivery, running.byHand()::hold);
    }

    /** Releases a held delivery, due now; false when it is not here or not held. */
    public boolean release(DeliveryId delivery) {
        return change(delivery, running.byHand()::release);
    }

    /** Removes a delivery without a report; false when it is not here or in flight. */
    public boolean remove(DeliveryId delivery) {
        return change(delivery, running.byHand()::drop);
    }

    /**
     * Gives a delivery up: its recipients have failed for good, with the reports of that, as when
     * it expires. Durable on return; false when it is not here, in flight, or can't be stored.
     */
    public boolean fail(DeliveryId delivery) {
        return change(delivery, running.givingUp()::giveUp);
    }

    /**
     * Keeps a part of the queue from being tried, or changes the suspension of the same pattern.
     * Durable on return.
     *
     * @throws RelayException when there are too many, or it can't be stored: nothing has changed
     */
    public void suspend(Suspension suspension) {
        running.suspensions().add(suspension, running::obey);
    }

    /**
     * Ends a suspension: what is due is tried at once, and its site, even if it is known as
     * unreachable. Durable on return.
     *
     * @return false when there is none of this scope and pattern
     * @throws RelayException when it can't be stored: nothing has changed
     */
    public boolean resume(Suspension.Scope scope, String pattern) {
        boolean was = running.suspensions().remove(scope, pattern, running::obey);
        if (was && scope == Suspension.Scope.DOMAIN) {
            dispatcher.interventions().wish(running.sitesOf(pattern));
        }
        return was;
    }

    /** The suspensions in force. */
    public List<Suspension> suspensions() {
        return running.suspensions().list();
    }

    /**
     * What was learnt about a destination by itself, and bounds what is sent there.
     *
     * @param destination a host, a domain or the name of a route; {@code *} stands for any
     *     characters of a host or route. Where a domain's mail goes is known once it was tried
     *     since the start.
     * @throws IllegalArgumentException when it is empty, too long, or not one line
     */
    public List<Learned> learned(String destination) {
        return running.learned(destination, false);
    }

    /**
     * How it stands with the next hops of domains; cheap, whatever else there is. Of mail for which
     * a rule of its own, an operator or a hook chose the next hop, nothing is told.
     *
     * @return by domain; without those whose mail was not tried since the start
     */
    public Map<String, Standing> standings(Collection<String> domains) {
        return dispatcher.interventions().standings(running.sitesOf(domains));
    }

    /**
     * Takes that back: mail goes there as to a destination that is new, and what waits for it comes
     * soon, slowly. With a host's rate goes that of its provider. A crash within a minute brings it
     * back.
     *
     * @return what was taken back
     * @throws IllegalArgumentException as above
     */
    public List<Learned> clear(String destination) {
        return running.learned(destination, true);
    }

    /** The way of a delivery by the rules of now. */
    public Way wayOf(StoredMessage message, QueuedDelivery delivery, StoredDelivery stored) {
        return running.wayOf(message, delivery, stored);
    }

    /**
     * Sends a delivery to another nexthop from now on; it is due at once, but for mail that is for
     * later. Durable on return. Local mail stays local: nothing is relayed that was not granted.
     *
     * @param via {@code host:port}, {@link org.posthouse.policy.Route#BY_NAME} and the name of a
     *     route, or empty for what the routes say
     * @return false when it is not here, in flight, local, or can't be stored
     */
    public boolean redirect(DeliveryId delivery, String via) {
        return change(delivery, claimed -> running.redirecting().toNexthop(claimed, via));
    }

    /**
     * Sends a delivery to other recipients: a message of its own, with the content and the origin
     * of this one, takes the place of those that are replaced; it tells the original recipients.
     * Durable on return, or nothing has changed.
     *
     * @param targets who gets it, at least one, and what becomes of their mail
     * @param replaced which of the recipients that are left
     * @return false when it is not here, in flight, has none of these, or can't be stored
     */
    public boolean redirect(
            DeliveryId delivery, List<Verdict.Target> targets, Predicate<Mailbox> replaced) {
        return change(
                delivery,
                claimed -> running.redirecting().toRecipients(claimed, targets, replaced));
    }

    /** Where a delivery stands now; empty when it is not here (any more). */
    public Optional<QueuedDelivery> find(DeliveryId delivery) {
        return spool.admin().find(delivery);
    }

    /** When a message is given up, if it is not delivered before. */
    public Instant givesUpAt(StoredMessage message) {
        return running.schedule().expiresAt(message);
    }

    /** How much is where. */
    public RelayCounts counts() {
        SpoolAdmin queue = spool.admin();
        return dispatcher.counts(queue.deliveryCount(), queue.heldCount());
    }

    /**
     * Starts no more attempts, lets those that run finish within the time, then cuts them; what is
     * not settled stays in the spool.
     */
    public void drain(Duration within) {
        running.drain(within);
    }

    /** {@link #drain} without any time. */
    @Override
    public void close() {
        drain(Duration.ZERO);
    }

    /** Whatever comes of it, the delivery goes back: for now, so that it is placed anew. */
    private boolean change(DeliveryId id, Predicate<QueuedDelivery> change) {
        Optional<QueuedDelivery> claimed = spool.claim(id);
        if (claimed.isEmpty()) {
            return false;
        }
        boolean durable = false;
        try {
            durable = change.test(claimed.get());
        } finally {
            if (durable) {
                dispatcher.interventions().unpark(id);
            }
            spool.giveBack(id, running.now());
        }
        return durable;
    }
}

package org.posthouse;

import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Disposition;
import org.posthouse.core.Glob;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.policy.Passage;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Route;
import org.posthouse.policy.Verdict;
import org.posthouse.relay.Learned;
import org.posthouse.relay.Relay;
import org.posthouse.relay.RelayException;
import org.posthouse.relay.Standing;
import org.posthouse.relay.Suspension;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;

/** The queue's view: reads the spool, changes through the relay. */
final class LiveQueue implements QueueView {
    private static final int LIST_MAX = 10_000;
    private static final DeliveryId FIRST = new DeliveryId(new SpoolId(1), 0);

    private final Spool spool;
    private final Relay relay;
    private final Supplier<PolicySet> rules;

    LiveQueue(Spool spool, Relay relay, Supplier<PolicySet> rules) {
        this.rules = rules;
        this.spool = spool;
        this.relay = relay;
    }

    @Override
    public long messages() {
        return spool.admin().messageCount();
    }

    @Override
    public long deliveries() {
        return spool.admin().deliveryCount();
    }

    @Override
    public List<Entry> list(int max) {
        return listAfter(FIRST, max);
    }

    @Override
    public List<Entry> listAfter(DeliveryId after, int max) {
        return entries(spool.admin().list(after, Math.min(max, LIST_MAX)));
    }

    @Override
    public List<Entry> listAfter(String domain, DeliveryId after, int max) {
        return entries(spool.admin().list(domain, after, Math.min(max, LIST_MAX)));
    }

    @Override
    public QueueShape.Shaping shaping(QueueShape.By by, Instant now) {
        return new LiveShape(spool, relay, by, now);
    }

    @Override
    public Optional<Entry> find(DeliveryId id) {
        return spool.admin().find(id).flatMap(this::entry);
    }

    @Override
    public List<Entry> of(SpoolId message) {
        return entries(spool.admin().deliveriesOf(message));
    }

    @Override
    public boolean retryNow(DeliveryId id) {
        return relay.retryNow(id);
    }

    @Override
    public boolean hold(DeliveryId id) {
        return relay.hold(id);
    }

    @Override
    public boolean release(DeliveryId id) {
        return relay.release(id);
    }

    @Override
    public boolean remove(DeliveryId id) {
        return relay.remove(id);
    }

    @Override
    public boolean fail(DeliveryId id) {
        return relay.fail(id);
    }

    @Override
    public boolean redirect(DeliveryId id, Redirection redirection) {
        return switch (redirection) {
            case Redirection.ToRoute route -> {
                boolean isKnown =
                        rules.get().routes().stream()
                                .anyMatch(each -> each.name().equals(route.name()));
                if (!isKnown) {
                    throw new PosthouseException("PH-S061", "there is no route " + route.name());
                }
                yield relay.redirect(id, Route.BY_NAME + route.name());
            }
            case Redirection.ToHost host -> relay.redirect(id, host.host().toString());
            case Redirection.AsRouted routed -> relay.redirect(id, "");
            case Redirection.ToRecipients to -> {
                var replaced = new Glob(to.replaced());
                yield relay.redirect(
                        id, targets(id, to.recipients()), each -> replaced.matches(each.address()));
            }
        };
    }

    private List<Verdict.Target> targets(DeliveryId id, List<Mailbox> recipients) {
        Optional<StoredMessage> known = message(id.message());
        ReversePath from =
                known.map(message -> message.envelope().reversePath()).orElse(ReversePath.NULL);
        String login = known.map(message -> message.origin().login()).orElse("");
        var relayed = new Disposition.Relayed("redirect", "");
        List<Verdict.Target> targets = new ArrayList<>();
        for (Mailbox each : recipients) {
            var mail = new Passage(from, login, each);
            OwnRecipients.place(rules.get(), mail, Recipient.of(each), relayed).stream()
                    .map(p -> new Verdict.Target(p.recipient().mailbox(), p.disposition()))
                    .forEach(targets::add);
        }
        return targets;
    }

    @Override
    public void suspend(Suspension suspension) {
        try {
            relay.suspend(suspension);
        } catch (RelayException e) {
            throw Engine.translated(e);
        }
    }

    @Override
    public boolean resume(Suspension.Scope scope, String pattern) {
        try {
            return relay.resume(scope, pattern);
        } catch (RelayException e) {
            throw Engine.translated(e);
        }
    }

    @Override
    public List<Suspension> suspensions() {
        return relay.suspensions();
    }

    @Override
    public List<Learned> learned(String destination) {
        return relay.learned(destination);
    }

    @Override
    public Map<String, Standing> standings(Collection<String> domains) {
        return relay.standings(domains);
    }

    @Override
    public List<Learned> clear(String destination) {
        return relay.clear(destination);
    }

    @Override
    public Optional<StoredMessage> message(SpoolId id) {
        try {
            return Optional.of(spool.message(id));
        } catch (NoSuchElementException settled) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Content> content(SpoolId id) {
        try {
            return Optional.of(spool.content(id));
        } catch (NoSuchElementException settled) {
            return Optional.empty();
        }
    }

    private List<Entry> entries(List<QueuedDelivery> deliveries) {
        var entries = new ArrayList<Entry>(deliveries.size());
        for (QueuedDelivery delivery : deliveries) {
            entry(delivery).ifPresent(entries::add);
        }
        return entries;
    }

    /** Empty when the delivery was settled meanwhile. */
    private Optional<Entry> entry(QueuedDelivery delivery) {
        StoredMessage message;
        StoredDelivery stored;
        try {
            message = spool.message(delivery.id().message());
            stored = spool.delivery(delivery.id());
        } catch (NoSuchElementException settled) {
            return Optional.empty();
        }
        var envelope = message.envelope();
        return Optional.of(
                new Entry(
                        delivery.id(),
                        message.origin(),
                        envelope.reversePath(),
                        stored.openRecipients().stream()
                                .map(i -> envelope.recipients().get(i).mailbox())
                                .toList(),
                        delivery.domain(),
                        message.acceptedAt(),
                        delivery.octets(),
                        stored.progress().attempts(),
                        stored.progress().nextDueAt(),
                        stored.progress().held(),
                        stored.progress().lastReply(),
                        message.expiresAt(),
                        stored.progress().tried(),
                        relay.wayOf(message, delivery, stored)));
    }
}

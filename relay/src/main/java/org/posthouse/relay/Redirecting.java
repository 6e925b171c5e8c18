package org.posthouse.relay;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.platform.TimeSource;
import org.posthouse.policy.AliasRecipients;
import org.posthouse.policy.Verdict;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Progress;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Sends deliveries another way because their operator says so. Another nexthop is a part of the
 * delivery's state and stays until it is redirected again. Other recipients are a message of their
 * own, accepted in the commit that ends the delivery for the former ones, so that nobody loses it
 * and nobody gets it twice. Without a thread of its own; the caller waits for the disk.
 */
final class Redirecting {
    private static final int COPIED_AT_ONCE = 64 << 10;

    private final Spool spool;
    private final TimeSource time;
    private final MailEvents events;

    Redirecting(Spool spool, TimeSource time, MailEvents events) {
        this.spool = spool;
        this.time = time;
        this.events = events;
    }

    /**
     * To another nexthop from now on.
     *
     * @param via {@code host:port}, {@link org.posthouse.policy.Route#BY_NAME} and a route, or
     *     empty for the routes; local mail stays local whatever is said
     * @return false when it is local, or not durable
     */
    boolean toNexthop(QueuedDelivery claimed, String via) {
        if (claimed.local()) {
            return false;
        }
        StoredDelivery stored = spool.delivery(claimed.id());
        Instant notBefore = spool.message(claimed.id().message()).notBefore();
        Instant now = time.now();
        Instant due = notBefore.isAfter(now) ? notBefore : now;
        Progress progress = stored.progress().dueAt(due).via(Router.ALWAYS + via);
        var change =
                new Settlement(
                        claimed.id(),
                        claimed.epoch(),
                        stored.openRecipients(),
                        progress,
                        List.of());
        boolean durable = spool.settle(List.of(change));
        if (durable) {
            tell(claimed, List.of(), via.isEmpty() ? "as routed" : "via " + via);
        }
        return durable;
    }

    /**
     * To other recipients.
     *
     * @param targets at least one
     * @param replaced of the recipients that are left
     * @return false when none of them is to be replaced, or not durable
     */
    boolean toRecipients(
            QueuedDelivery claimed, List<Verdict.Target> targets, Predicate<Mailbox> replaced) {
        StoredMessage message = spool.message(claimed.id().message());
        StoredDelivery stored = spool.delivery(claimed.id());
        List<Recipient> all = message.envelope().recipients();
        List<Integer> left = new ArrayList<>();
        List<Recipient> former = new ArrayList<>();
        for (int position : stored.openRecipients()) {
            if (replaced.test(all.get(position).mailbox())) {
                former.add(all.get(position));
            } else {
                left.add(position);
            }
        }
        if (former.isEmpty()) {
            return false;
        }
        Acceptance instead = instead(message, former, targets);
        boolean durable = false;
        try {
            durable =
                    spool.settle(
                            List.of(
                                    new Settlement(
                                            claimed.id(),
                                            claimed.epoch(),
                                            left,
                                            stored.progress(),
                                            List.of(instead))));
        } finally {
            if (!durable) {
                instead.content().discard();
            }
        }
        if (durable) {
            tell(claimed, former, "to " + addresses(instead.envelope().recipients()));
            Settler.tellIfSettled(message, spool, time, events);
        }
        return durable;
    }

    private Acceptance instead(
            StoredMessage message, List<Recipient> former, List<Verdict.Target> targets) {
        Map<Mailbox, AliasRecipients.Placed> placed = new LinkedHashMap<>();
        boolean utf8 = message.envelope().options().smtpUtf8();
        for (Recipient each : former) {
            for (AliasRecipients.Placed next : AliasRecipients.placed(each, targets)) {
                placed.putIfAbsent(next.recipient().mailbox(), next);
                utf8 |= next.recipient().mailbox().needsSmtpUtf8();
            }
        }
        List<Disposition> dispositions =
                placed.values().stream().map(AliasRecipients.Placed::disposition).toList();
        List<Recipient> recipients =
                placed.values().stream().map(AliasRecipients.Placed::recipient).toList();
        return new Acceptance(
                "",
                message.origin(),
                new Envelope(
                        message.envelope().reversePath(),
                        options(message.envelope().options(), utf8),
                        recipients),
                dispositions,
                new byte[0],
                copy(message),
                message.notBefore(),
                message.expiresAt());
    }

    private static MailOptions options(MailOptions as, boolean utf8) {
        return new MailOptions(
                as.declaredOctets(),
                as.body(),
                utf8,
                as.ret(),
                as.envelopeId(),
                as.auth(),
                as.requireTls(),
                as.priority(),
                as.waivesTls());
    }

    private ContentSink copy(StoredMessage message) {
        ContentSink sink = spool.openContent();
        boolean whole = false;
        try (Content content = spool.content(message.id())) {
            var octets = new byte[COPIED_AT_ONCE];
            long position = 0;
            int read = content.read(0, octets, 0, octets.length);
            while (read > 0) {
                sink.write(octets, 0, read);
                position += read;
                read = content.read(position, octets, 0, octets.length);
            }
            whole = position == content.octets();
        } finally {
            if (!whole) {
                sink.discard();
            }
        }
        if (!whole) {
            throw new IllegalStateException("the content of " + message.id() + " ends early");
        }
        return sink;
    }

    private static String addresses(List<Recipient> recipients) {
        return recipients.stream()
                .limit(5)
                .map(each -> each.mailbox().address())
                .collect(Collectors.joining(","));
    }

    private void tell(QueuedDelivery claimed, List<Recipient> former, String detail) {
        events.emit(
                new MailEvent.DeliveryChanged(
                        time.now(),
                        claimed.id(),
                        MailEvent.Change.REDIRECTED,
                        former.stream().map(Recipient::mailbox).toList(),
                        detail));
    }
}

package org.posthouse;

import org.posthouse.Timeline.ForRecipient;
import org.posthouse.Timeline.State;
import org.posthouse.Timeline.Way;
import org.posthouse.core.Dialogue;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts a timeline together from what is queued and what was kept. Used once. */
final class Chronicle {
    private static final Disposition RELAYED = new Disposition.Relayed("", "");

    private final JournalEntry accepted;
    private final List<QueueView.Entry> queued;
    private final Map<Integer, List<MailEvent>> events = new TreeMap<>();
    private final Map<Mailbox, Standing> standings = new HashMap<>();

    private record Standing(int delivery, State state) {}

    /**
     * Begins.
     *
     * @param kept events of this message, in order
     */
    Chronicle(JournalEntry accepted, List<QueueView.Entry> queued, List<MailEvent> kept) {
        this.accepted = accepted;
        this.queued = queued;
        for (MailEvent event : kept) {
            add(event);
        }
        for (QueueView.Entry entry : queued) {
            int number = entry.id().number();
            events.computeIfAbsent(number, each -> new ArrayList<>());
            entry.recipients().forEach(each -> stands(each, number, State.QUEUED));
        }
    }

    /** What can be told of an acceptance that was not kept, as that of a report of ours. */
    static Optional<JournalEntry> accepted(List<MailEvent> events) {
        Map<Mailbox, MailEvent> recipients = new LinkedHashMap<>();
        Optional<SpoolId> id = Optional.empty();
        for (MailEvent event : events) {
            Optional<Mailbox> recipient = recipient(event);
            recipient.ifPresent(each -> recipients.putIfAbsent(each, event));
            if (id.isEmpty() && event instanceof MailEvent.Tried tried) {
                id = Optional.of(tried.delivery().message());
            }
        }
        return id.map(
                found ->
                        new JournalEntry(
                                found,
                                events.getFirst().at(),
                                Origin.INTERNAL,
                                ReversePath.NULL,
                                0,
                                recipients.size(),
                                "",
                                recipients.keySet().stream()
                                        .map(each -> new JournalEntry.Kept(each, RELAYED, ""))
                                        .toList()));
    }

    private static Optional<Mailbox> recipient(MailEvent event) {
        return switch (event) {
            case MailEvent.Delivered e -> Optional.of(e.recipient());
            case MailEvent.Deferred e -> Optional.of(e.recipient());
            case MailEvent.Failed e -> Optional.of(e.recipient());
            default -> Optional.empty();
        };
    }

    private void add(MailEvent event) {
        switch (event) {
            case MailEvent.Routed e -> at(e.delivery().number()).add(e);
            case MailEvent.Tried e -> at(e.delivery().number()).add(withoutDialogue(e));
            case MailEvent.Delivered e -> {
                stands(e.recipient(), e.delivery().number(), State.DELIVERED);
                at(e.delivery().number()).add(e);
            }
            case MailEvent.Deferred e -> {
                stands(e.recipient(), e.delivery().number(), State.UNKNOWN);
                at(e.delivery().number()).add(e);
            }
            case MailEvent.Failed e -> {
                stands(e.recipient(), e.delivery().number(), State.FAILED);
                at(e.delivery().number()).add(e);
            }
            case MailEvent.DeliveryChanged e -> {
                State left =
                        e.change() == MailEvent.Change.DROPPED ? State.DROPPED : State.REDIRECTED;
                e.recipients().forEach(each -> stands(each, e.delivery().number(), left));
                at(e.delivery().number()).add(e);
            }
            default -> {}
        }
    }

    private List<MailEvent> at(int delivery) {
        return events.computeIfAbsent(delivery, each -> new ArrayList<>());
    }

    private void stands(Mailbox recipient, int delivery, State state) {
        standings.put(recipient, new Standing(delivery, state));
    }

    private static MailEvent withoutDialogue(MailEvent.Tried e) {
        return new MailEvent.Tried(
                e.at(),
                e.delivery(),
                e.attempt(),
                e.nexthop(),
                e.protection(),
                e.reply(),
                e.reached(),
                e.elapsed(),
                e.reused(),
                Dialogue.NONE);
    }

    Timeline timeline(String subject, Instant givesUpAt) {
        SpoolId id = accepted.id();
        return new Timeline(
                id,
                accepted.acceptedAt(),
                accepted.origin(),
                accepted.reversePath(),
                accepted.octets(),
                subject.isEmpty() ? accepted.subject() : subject,
                accepted.recipientCount(),
                accepted.recipients().stream().map(this::recipient).toList(),
                events.entrySet().stream()
                        .map(each -> way(each.getKey(), each.getValue(), givesUpAt))
                        .toList());
    }

    private ForRecipient recipient(JournalEntry.Kept kept) {
        Standing standing = standings.getOrDefault(kept.mailbox(), new Standing(-1, State.UNKNOWN));
        return new ForRecipient(
                kept.mailbox(), kept.disposition(), standing.delivery(), standing.state());
    }

    private Way way(int number, List<MailEvent> of, Instant givesUpAt) {
        Optional<QueueView.Entry> entry =
                queued.stream().filter(each -> each.id().number() == number).findFirst();
        return new Way(number, entry, entry.isPresent() ? givesUpAt : Instant.MAX, of);
    }
}

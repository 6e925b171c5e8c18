package org.posthouse.daemon;

import org.posthouse.QueueShape;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Glob;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.spool.StoredMessage;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which events somebody wants to see: those for which all holds that was asked. What a message's
 * acceptance says, such as its reverse-path, holds for what happens to it later, too.
 */
final class TailFilter {
    private static final int REMEMBERED_MAX = 10_000;

    private final Function<SpoolId, Optional<StoredMessage>> messages;
    private final Glob from;
    private final Glob to;
    private final Glob domain;
    private final Glob login;
    private final Glob client;
    private final String id;
    private final String event;
    private final boolean isOfAnyAge;
    private final Duration oldest;
    private final Duration youngest;

    /** Whether messages are meant, by what their acceptance says. */
    private final Map<SpoolId, Boolean> meant =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<SpoolId, Boolean> eldest) {
                    return size() > REMEMBERED_MAX;
                }
            };

    /**
     * What the members of a request ask for.
     *
     * @param messages finds one that is queued
     */
    TailFilter(ControlRequest request, Function<SpoolId, Optional<StoredMessage>> messages) {
        this.messages = messages;
        from = new Glob(request.text("from"));
        to = new Glob(request.text("to"));
        domain = new Glob(request.text("domain"));
        login = new Glob(request.text("login"));
        client = new Glob(request.text("client"));
        id = request.text("id");
        event = request.text("event");
        Set<String> asked = request.members().keySet();
        isOfAnyAge = !asked.contains("older") && !asked.contains("younger");
        oldest = age(request, "younger", Duration.ofDays(365_000));
        youngest = age(request, "older", Duration.ofDays(-365_000));
    }

    /** Absurd numbers count as the most there is. */
    private static Duration age(ControlRequest request, String name, Duration otherwise) {
        long seconds = request.number(name, otherwise.toSeconds());
        return Duration.ofSeconds(
                Math.clamp(seconds, -otherwise.abs().toSeconds(), otherwise.abs().toSeconds()));
    }

    /** True when it is wanted; {@code word} is what the log calls it. */
    boolean matches(MailEvent event, String word) {
        boolean isKind = this.event.isEmpty() || this.event.equals(word);
        return switch (event) {
            case MailEvent.Received e -> received(e) && isKind;
            case MailEvent.SessionOpened e ->
                    isKind
                            && isUnasked(from, to, domain, login)
                            && isNoId()
                            && client.matches(e.clientAddress());
            case MailEvent.Authenticated e ->
                    isKind
                            && isUnasked(from, to, domain, client)
                            && isNoId()
                            && login.matches(e.login());
            case MailEvent.Delivered e -> isKind && delivery(e.delivery(), e.recipient(), e.at());
            case MailEvent.Deferred e -> isKind && delivery(e.delivery(), e.recipient(), e.at());
            case MailEvent.Failed e -> isKind && delivery(e.delivery(), e.recipient(), e.at());
            case MailEvent.Unreported e -> isKind && delivery(e.delivery(), e.recipient(), e.at());
            case MailEvent.DeliveryChanged e ->
                    isKind
                            && message(e.delivery(), e.at())
                            && (isUnasked(to, domain)
                                    || e.recipients().stream().anyMatch(this::isFor));
            case MailEvent.Tried e ->
                    isKind && isUnasked(to, domain) && message(e.delivery(), e.at());
            case MailEvent.Secured e ->
                    isKind && isUnasked(to, domain) && message(e.delivery(), e.at());
            default -> isKind && isUnasked(from, to, domain, login, client) && isNoId();
        };
    }

    /** Nothing was asked that only a message can answer. */
    private boolean isNoId() {
        return id.isEmpty() && isOfAnyAge;
    }

    private boolean isOfAge(SpoolId message, Instant at) {
        Duration age = Duration.between(QueueShape.acceptedAt(message), at);
        return isOfAnyAge || (age.compareTo(youngest) >= 0 && age.compareTo(oldest) <= 0);
    }

    private static boolean isUnasked(Glob... globs) {
        return List.of(globs).stream().allMatch(each -> each.pattern().isEmpty());
    }

    private boolean received(MailEvent.Received e) {
        boolean isMeant = origin(e.reversePath(), e.origin());
        if (!isUnasked(from, login, client)) {
            meant.put(e.message(), isMeant);
        }
        return isMeant
                && isOfAge(e.message(), e.at())
                && (id.isEmpty() || id.equals(e.message().toString()))
                && (isUnasked(to, domain)
                        || e.recipients().stream().map(Recipient::mailbox).anyMatch(this::isFor));
    }

    private boolean origin(ReversePath path, Origin origin) {
        return from.matches(DeliveryJson.reversePath(path))
                && login.matches(origin.login())
                && client.matches(origin.clientAddress());
    }

    private boolean isFor(Mailbox recipient) {
        return to.matches(recipient.address()) && domain.matches(recipient.domain());
    }

    private boolean delivery(DeliveryId delivery, Mailbox recipient, Instant at) {
        return isFor(recipient) && message(delivery, at);
    }

    private boolean message(DeliveryId delivery, Instant at) {
        boolean isNamed = id.isEmpty() || id.equals(delivery.message().toString());
        return isNamed
                && isOfAge(delivery.message(), at)
                && (isUnasked(from, login, client)
                        || meant.computeIfAbsent(delivery.message(), this::lookUp));
    }

    private boolean lookUp(SpoolId message) {
        return messages.apply(message)
                .map(found -> origin(found.envelope().reversePath(), found.origin()))
                .orElse(false);
    }
}

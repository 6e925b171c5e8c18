package org.posthouse.daemon;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Glob;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.spool.StoredMessage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            case MailEvent.Delivered e -> isKind && delivery(e.delivery(), e.recipient());
            case MailEvent.Deferred e -> isKind && delivery(e.delivery(), e.recipient());
            case MailEvent.Failed e -> isKind && delivery(e.delivery(), e.recipient());
            case MailEvent.Unreported e -> isKind && delivery(e.delivery(), e.recipient());
            case MailEvent.DeliveryChanged e ->
                    isKind
                            && message(e.delivery())
                            && (isUnasked(to, domain)
                                    || e.recipients().stream().anyMatch(this::isFor));
            case MailEvent.Tried e -> isKind && isUnasked(to, domain) && message(e.delivery());
            case MailEvent.Secured e -> isKind && isUnasked(to, domain) && message(e.delivery());
            default -> isKind && isUnasked(from, to, domain, login, client) && isNoId();
        };
    }

    private boolean isNoId() {
        return id.isEmpty();
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

    private boolean delivery(DeliveryId delivery, Mailbox recipient) {
        return isFor(recipient) && message(delivery);
    }

    private boolean message(DeliveryId delivery) {
        boolean isNamed = id.isEmpty() || id.equals(delivery.message().toString());
        return isNamed
                && (isUnasked(from, login, client)
                        || meant.computeIfAbsent(delivery.message(), this::lookUp));
    }

    private boolean lookUp(SpoolId message) {
        return messages.apply(message)
                .map(found -> origin(found.envelope().reversePath(), found.origin()))
                .orElse(false);
    }
}

package org.posthouse.daemon;

import org.posthouse.QueueView.Entry;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

import java.time.Instant;
import java.util.Locale;

/** A delivery of the queue as JSON; docs/control-socket.md has the members. They only grow. */
final class DeliveryJson {
    /** More recipients are counted, not named. */
    static final int RECIPIENTS_MAX = 100;

    private DeliveryJson() {}

    static String of(Entry entry, Instant now) {
        return of(entry, entry.expiresAt(), now);
    }

    /** With the instant at which it is given up; {@link Instant#MAX} where that is not known. */
    static String of(Entry entry, Instant givesUpAt, Instant now) {
        return JsonLine.of(
                json -> {
                    write(json, entry, now);
                    if (givesUpAt.isBefore(Instant.MAX)) {
                        json.text("expires_at", givesUpAt.toString());
                    }
                });
    }

    private static void write(JsonLine json, Entry entry, Instant now) {
        json.text("delivery", entry.id().toString())
                .text("id", entry.id().message().toString())
                .text("seen_at", now.toString())
                .text("state", QueueFilter.state(entry, now))
                .text("from", reversePath(entry.from()))
                .texts(
                        "to",
                        entry.recipients().stream()
                                .limit(RECIPIENTS_MAX)
                                .map(Mailbox::address)
                                .toList())
                .number("recipients", entry.recipients().size())
                .text("domain", entry.domain())
                .text("login", entry.origin().login())
                .text("accepted_at", entry.acceptedAt().toString())
                .number("octets", entry.octets())
                .number("attempts", entry.attempts())
                .text("next_at", entry.nextDueAt().toString())
                .text("last_reply", entry.lastReply())
                .text("route", entry.way().route())
                .text("site", entry.way().site());
        entry.way()
                .suspension()
                .ifPresent(by -> json.object("suspension", to -> SuspensionJson.write(to, by)));
        entry.tried()
                .ifPresent(
                        tried ->
                                json.text("last_attempt_at", tried.lastAt().toString())
                                        .text(
                                                "cause",
                                                tried.cause().name().toLowerCase(Locale.ROOT))
                                        .flag("possible_duplicate", tried.possibleDuplicate()));
    }

    /** As people write it; the null one is {@code <>}. */
    static String reversePath(ReversePath path) {
        return path.isNull() ? "<>" : path.address();
    }
}

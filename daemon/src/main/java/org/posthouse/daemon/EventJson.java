package org.posthouse.daemon;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Diagnosis;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What happened to deliveries as JSON; docs/control-socket.md has the members. They only grow. */
final class EventJson {
    private static final int RECIPIENTS_MAX = 100;

    private EventJson() {}

    /** An event of a timeline. */
    static String of(MailEvent event) {
        return JsonLine.of(json -> write(json, event));
    }

    private static void write(JsonLine json, MailEvent event) {
        switch (event) {
            case MailEvent.Routed e ->
                    head(json, "routed", e.at(), e.delivery(), e.attempt())
                            .text("route", e.route())
                            .texts("hosts", e.hosts());
            case MailEvent.Tried e -> tried(json, e);
            case MailEvent.Delivered e -> {
                head(json, "delivered", e.at(), e.delivery(), e.attempt());
                outcome(json, e.recipient(), e.nexthop(), e.possibleDuplicate());
                json.number("elapsed_ms", e.elapsed().toMillis());
                reply(json, e.reply(), Diagnosis.NONE);
            }
            case MailEvent.Deferred e -> {
                head(json, "deferred", e.at(), e.delivery(), e.attempt());
                outcome(json, e.recipient(), e.nexthop(), e.possibleDuplicate());
                json.text("next_at", e.nextDueAt().toString()).text("cause", lower(e.cause()));
                reply(json, e.reply(), e.diagnosis());
            }
            case MailEvent.Failed e -> {
                head(json, "failed", e.at(), e.delivery(), e.attempt());
                outcome(json, e.recipient(), e.nexthop(), e.possibleDuplicate());
                json.flag("report", e.report());
                reply(json, e.reply(), e.diagnosis());
            }
            case MailEvent.DeliveryChanged e ->
                    json.text("event", lower(e.change()))
                            .text("at", e.at().toString())
                            .text("delivery", e.delivery().toString())
                            .texts("recipients", addresses(e.recipients()))
                            .text("detail", e.detail());
            default -> throw new IllegalArgumentException("not of a timeline: " + event);
        }
    }

    private static List<String> addresses(List<Mailbox> recipients) {
        return recipients.stream().limit(RECIPIENTS_MAX).map(Mailbox::address).toList();
    }

    private static JsonLine head(
            JsonLine json, String kind, Instant at, DeliveryId delivery, int attempt) {
        return json.text("event", kind)
                .text("at", at.toString())
                .text("delivery", delivery.toString())
                .number("attempt", attempt);
    }

    private static void tried(JsonLine json, MailEvent.Tried e) {
        head(json, "tried", e.at(), e.delivery(), e.attempt())
                .flag("succeeded", e.succeeded())
                .text("nexthop", e.nexthop())
                .text("tls", e.protection().tls())
                .text("proof", e.protection().proof())
                .text("reached", lower(e.reached()))
                .number("took_ms", e.elapsed().toMillis())
                .flag("reused", e.reused());
        reply(json, e.reply(), e.diagnosis());
    }

    private static void outcome(
            JsonLine json, Mailbox recipient, String nexthop, boolean isPossibleDuplicate) {
        json.text("recipient", recipient.address())
                .text("nexthop", nexthop)
                .flag("possible_duplicate", isPossibleDuplicate);
    }

    private static void reply(JsonLine json, Reply reply, Diagnosis diagnosis) {
        json.text("reply", reply.toString());
        if (!diagnosis.code().isEmpty()) {
            json.text("diagnosis", diagnosis.code()).text("probably", diagnosis.cause());
        }
    }

    /** A try with what was said. */
    static String withDialogue(MailEvent.Tried tried) {
        return JsonLine.of(
                json -> {
                    tried(json, tried);
                    json.objects("dialogue", tried.dialogue().lines(), EventJson::line);
                });
    }

    private static void line(JsonLine json, Dialogue.Line line) {
        json.number("after_us", line.at().toNanos() / 1000)
                .text("by", lower(line.speaker()))
                .text("text", line.text());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

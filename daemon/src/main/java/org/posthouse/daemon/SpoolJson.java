package org.posthouse.daemon;

import org.posthouse.core.BodyType;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.core.Ret;
import org.posthouse.core.SpoolId;
import org.posthouse.spool.ContentGap;
import org.posthouse.spool.InspectedDelivery;
import org.posthouse.spool.InspectedMessage;
import org.posthouse.spool.LogEntry;
import org.posthouse.spool.LogRecord;
import org.posthouse.spool.Progress;
import org.posthouse.spool.SpoolCheck;
import org.posthouse.spool.SpoolDamage;
import org.posthouse.spool.StoredMessage;
import org.posthouse.spool.Tried;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What is told of a spool as JSON; docs/spool-tools.md has the members. They only grow. */
final class SpoolJson {
    private SpoolJson() {}

    /** What a check found. */
    static String check(Path directory, String holder, SpoolCheck check) {
        return JsonLine.of(
                json -> {
                    json.text("spool", directory.toString());
                    json.flag("ok", check.isFine());
                    json.number("format", check.version());
                    textOrNull(json, "in_use_by", holder);
                    json.flag("complete", check.isComplete());
                    json.object("segments", part -> segments(part, check.segments()));
                    json.object(
                            "checkpoints",
                            part ->
                                    part.number("usable", check.checkpoints().usable())
                                            .number("unusable", check.checkpoints().unusable()));
                    json.number("frames", check.frameCount());
                    json.object("queued", part -> queue(part, check.queue()));
                    json.object(
                            "tail",
                            part ->
                                    part.number("kept_octets", check.tail().keptOctets())
                                            .number("cut_octets", check.tail().cutOctets()));
                    json.number("damage_count", check.damageCount());
                    json.objects("damage", check.damage(), SpoolJson::damage);
                    json.number("set_aside_count", check.setAsideCount());
                    json.objects("set_aside", check.setAside(), SpoolJson::setAside);
                });
    }

    private static void segments(JsonLine json, SpoolCheck.Segments segments) {
        json.number("in_use", segments.used());
        json.number("free", segments.free());
        json.number("bulk", segments.bulk());
        json.number("octets", segments.octets());
    }

    private static void queue(JsonLine json, SpoolCheck.Queue queue) {
        json.number("messages", queue.messageCount());
        json.number("deliveries", queue.deliveryCount());
        json.number("held", queue.heldCount());
        json.number("octets", queue.octets());
        SpoolCheck.Oldest oldest = queue.oldest();
        if (oldest == null) {
            json.nothing("oldest");
        } else {
            json.object(
                    "oldest",
                    part ->
                            part.text("id", oldest.id().toString())
                                    .text("accepted_at", oldest.acceptedAt().toString()));
        }
    }

    private static void damage(JsonLine json, SpoolDamage damage) {
        json.text("kind", damage.kind().name().toLowerCase(Locale.ROOT));
        json.text("file", damage.file());
        json.number("generation", damage.generation());
        json.number("position", damage.position());
        json.number("sequence", damage.firstSequence());
        json.number("last_sequence", damage.lastSequence());
        json.text("text", damage.text());
        json.texts("messages", damage.messages().stream().map(SpoolId::toString).toList());
        json.number("message_count", damage.messageCount());
    }

    private static void setAside(JsonLine json, SpoolCheck.SetAside message) {
        json.text("id", message.id().toString());
        json.number("lacking_octets", message.lackingOctets());
    }

    /** An entry of the log. */
    static String entry(LogEntry entry) {
        return JsonLine.of(
                json -> {
                    switch (entry) {
                        case LogEntry.Segment segment -> segment(json, segment);
                        case LogEntry.Missing missing -> missing(json, missing);
                        case LogEntry.Frame frame -> frame(json, frame);
                    }
                });
    }

    private static void place(JsonLine json, String type, LogEntry entry) {
        json.text("type", type);
        json.text("file", entry.file());
        json.number("generation", entry.generation());
    }

    private static void segment(JsonLine json, LogEntry.Segment segment) {
        place(json, "segment", segment);
        json.number("number", segment.number());
        json.number("format", segment.version());
        json.text("kind", segment.bulk() ? "bulk" : "log");
        json.flag("in_use", segment.inUse());
        json.number("epoch", segment.epoch());
        json.number("first_sequence", segment.firstSequence());
        textOrNull(json, "last_id", idOrNothing(segment.lastId()));
        json.number("octets", segment.octets());
    }

    private static void missing(JsonLine json, LogEntry.Missing missing) {
        place(json, "missing", missing);
        json.number("position", missing.position());
        json.number("sequence", missing.firstSequence());
        json.number("last_sequence", missing.lastSequence());
    }

    private static void frame(JsonLine json, LogEntry.Frame frame) {
        place(json, type(frame.type()), frame);
        json.number("position", frame.position());
        json.number("sequence", frame.sequence());
        json.number("forced", frame.forced());
        textOrNull(json, "id", idOrNothing(frame.id()));
        json.number("number", frame.number());
        json.number("octets", frame.octets());
        json.flag("ok", frame.isWhole());
        json.text("state", frame.verdict().name().toLowerCase(Locale.ROOT));
        if (frame.type() == LogEntry.COMMIT) {
            json.objects("records", frame.records(), SpoolJson::record);
        }
        if (!frame.problem().isEmpty()) {
            json.text("problem", frame.problem());
        }
    }

    private static String type(int type) {
        return switch (type) {
            case LogEntry.CHUNK -> "chunk";
            case LogEntry.COMMIT -> "commit";
            default -> "type-" + type;
        };
    }

    private static void record(JsonLine json, LogRecord record) {
        switch (record) {
            case LogRecord.Accepted accepted -> {
                json.text("record", "accept");
                message(json, accepted.message());
                times(json, accepted.message(), accepted.notBefore(), accepted.acceptId());
                numberOrNull(json, "moved_from", accepted.movedFrom());
                json.object("content", part -> layout(part, accepted.content()));
            }
            case LogRecord.Settled settled -> {
                json.text("record", "settle");
                json.text("message", settled.id().toString());
                json.number("delivery", settled.delivery().number());
                numberOrNull(json, "accept_generation", settled.acceptGeneration());
                json.flag("done", settled.isDone());
                json.numbers("open_recipients", settled.openRecipients());
                progress(json, settled.progress());
            }
        }
    }

    private static void layout(JsonLine json, LogRecord.Layout content) {
        json.text("id", new SpoolId(content.id()).toString());
        json.number("chunks", content.chunkCount());
        json.number("chunk_octets", content.chunkOctets());
        json.number("octets", content.octets());
        json.number("prefix_octets", content.prefixOctets());
        json.objects(
                "ranges",
                content.ranges(),
                (part, range) ->
                        part.number("start", range.start()).number("octets", range.octets()));
        json.objects("bulk", content.bulk(), SpoolJson::run);
    }

    private static void run(JsonLine json, LogRecord.Run run) {
        json.text("file", run.file());
        json.number("generation", run.generation());
        json.number("position", run.position());
        json.number("chunks", run.chunkCount());
    }

    /** The envelope of a message and all else that is not its content. */
    static String message(InspectedMessage message, List<ContentGap> gaps) {
        StoredMessage stored = message.stored();
        return JsonLine.of(
                json -> {
                    message(json, stored);
                    times(json, stored, message.notBefore(), message.acceptId());
                    json.objects(
                            "deliveries",
                            message.deliveries(),
                            (part, delivery) -> delivery(part, stored.envelope(), delivery));
                    json.objects("lacking", gaps, SpoolJson::gap);
                });
    }

    private static void message(JsonLine json, StoredMessage message) {
        json.text("id", message.id().toString());
        json.text("accepted_at", message.acceptedAt().toString());
        json.number("octets", message.octets());
        json.object("origin", part -> origin(part, message.origin()));
        Envelope envelope = message.envelope();
        json.text("reverse_path", envelope.reversePath().address());
        json.object("mail_options", part -> options(part, envelope.options()));
        List<Addressee> addressees = new ArrayList<>();
        for (int i = 0; i < envelope.recipients().size(); i++) {
            addressees.add(
                    new Addressee(envelope.recipients().get(i), message.dispositions().get(i)));
        }
        json.objects("recipients", addressees, SpoolJson::recipient);
    }

    private record Addressee(Recipient recipient, Disposition disposition) {}

    private static void times(
            JsonLine json, StoredMessage message, Instant notBefore, String acceptId) {
        boolean later = notBefore.isAfter(message.acceptedAt());
        textOrNull(json, "not_before", later ? notBefore.toString() : "");
        boolean expires = message.expiresAt().isBefore(Instant.MAX);
        textOrNull(json, "expires_at", expires ? message.expiresAt().toString() : "");
        textOrNull(json, "accept_id", acceptId);
    }

    private static void origin(JsonLine json, Origin origin) {
        json.text("listener", origin.listener());
        json.text("client_address", origin.clientAddress());
        json.text("helo_name", origin.heloName());
        json.text("login", origin.login());
        json.text("protocol", origin.protocol());
    }

    private static void options(JsonLine json, MailOptions options) {
        json.number("size", options.declaredOctets());
        json.text("body", body(options.body()));
        json.flag("smtputf8", options.smtpUtf8());
        json.flag("requiretls", options.requireTls());
        json.flag("waives_tls", options.waivesTls());
        textOrNull(json, "ret", options.ret() == Ret.UNSPECIFIED ? "" : options.ret().name());
        textOrNull(json, "envid", options.envelopeId());
        textOrNull(json, "auth", options.auth());
    }

    private static String body(BodyType body) {
        return switch (body) {
            case SEVEN_BIT -> "7BIT";
            case EIGHT_BIT_MIME -> "8BITMIME";
            case BINARY_MIME -> "BINARYMIME";
        };
    }

    private static void recipient(JsonLine json, Addressee addressee) {
        Recipient recipient = addressee.recipient;
        json.text("address", recipient.mailbox().address());
        boolean given = recipient.notifyOn().specified();
        textOrNull(json, "notify", given ? recipient.notifyOn().value() : "");
        textOrNull(json, "orcpt", recipient.originalRecipient());
        switch (addressee.disposition) {
            case Disposition.Local local -> json.text("disposition", "local");
            case Disposition.Relayed relayed -> {
                json.text("disposition", "relayed");
                json.text("rule", relayed.rule());
                textOrNull(json, "via", relayed.via());
            }
        }
    }

    private static void delivery(JsonLine json, Envelope envelope, InspectedDelivery delivery) {
        json.number("number", delivery.id().number());
        json.text("domain", delivery.domain());
        json.flag("local", delivery.isLocal());
        json.texts("recipients", addresses(envelope, delivery.recipients()));
        json.flag("done", delivery.isDone());
        json.texts("open_recipients", addresses(envelope, delivery.openRecipients()));
        if (!delivery.isDone()) {
            progress(json, delivery.progress());
        }
    }

    private static List<String> addresses(Envelope envelope, List<Integer> positions) {
        List<Recipient> recipients = envelope.recipients();
        return positions.stream()
                .filter(position -> position >= 0 && position < recipients.size())
                .map(position -> recipients.get(position).mailbox().address())
                .toList();
    }

    private static void progress(JsonLine json, Progress progress) {
        json.number("attempts", progress.attempts());
        json.text("next_due_at", progress.nextDueAt().toString());
        boolean looks = progress.lookAt().isBefore(Instant.MAX);
        textOrNull(json, "look_at", looks ? progress.lookAt().toString() : "");
        json.flag("held", progress.held());
        json.flag("warned", progress.warned());
        textOrNull(json, "last_reply", progress.lastReply());
        textOrNull(json, "next_via", progress.via());
        textOrNull(
                json,
                "cause",
                ofTried(progress, tried -> tried.cause().name().toLowerCase(Locale.ROOT)));
        textOrNull(
                json, "first_attempt_at", ofTried(progress, tried -> tried.firstAt().toString()));
        textOrNull(json, "last_attempt_at", ofTried(progress, tried -> tried.lastAt().toString()));
        json.flag("possible_duplicate", progress.possibleDuplicate());
    }

    private static String ofTried(Progress progress, Function<Tried, String> text) {
        return progress.tried().map(text).orElse("");
    }

    private static void gap(JsonLine json, ContentGap gap) {
        json.number("start", gap.start());
        json.number("octets", gap.octets());
        json.flag("exported", gap.isThere());
    }

    private static String idOrNothing(long id) {
        return id > 0 ? new SpoolId(id).toString() : "";
    }

    private static void numberOrNull(JsonLine json, String name, long value) {
        if (value == 0) {
            json.nothing(name);
        } else {
            json.number(name, value);
        }
    }

    private static void textOrNull(JsonLine json, String name, String value) {
        if (value.isEmpty()) {
            json.nothing(name);
        } else {
            json.text(name, value);
        }
    }
}

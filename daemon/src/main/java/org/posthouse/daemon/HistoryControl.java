package org.posthouse.daemon;

import org.posthouse.Posthouse;
import org.posthouse.QueueView;
import org.posthouse.Timeline;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailEvent;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.TimeSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a running daemon tells of what happened to a message. Answers are bounded. */
final class HistoryControl {
    /** Deliveries, and events, that are told; the newest ones of more. */
    static final int LINES_MAX = 1000;

    /** Tries with their dialogues. */
    static final int DIALOGUES_MAX = 200;

    private final Posthouse engine;
    private final TimeSource time;

    HistoryControl(Posthouse engine, TimeSource time) {
        this.engine = engine;
        this.time = time;
    }

    /** The answer; empty when the request is for somebody else. */
    Optional<ControlAnswer> answer(ControlRequest request) {
        return switch (request.verb()) {
            case "timeline" -> Optional.of(timeline(request.text("id")));
            case "dialogues" -> Optional.of(dialogues(request));
            default -> Optional.empty();
        };
    }

    private ControlAnswer timeline(String id) {
        Optional<Timeline> found = engine.timeline(SpoolId.parse(id));
        if (found.isEmpty()) {
            return unknown(id);
        }
        Timeline timeline = found.get();
        Instant now = time.now();
        var lines = new ArrayList<String>();
        List<MailEvent> events = new ArrayList<>();
        for (Timeline.Way way : timeline.deliveries()) {
            if (lines.size() < LINES_MAX) {
                way.queued().ifPresent(entry -> lines.add(queued(entry, way.givesUpAt(), now)));
            }
            events.addAll(way.events());
        }
        int leftOut = Math.max(0, events.size() - LINES_MAX);
        events.stream().skip(leftOut).map(EventJson::of).forEach(lines::add);
        return new ControlAnswer(
                lines, ControlAnswer.ok(json -> message(json, timeline, now, leftOut)).last());
    }

    private static ControlAnswer unknown(String id) {
        return ControlAnswer.no(
                Control.NO_MESSAGE, "no message " + id + " is queued, or was in the last days");
    }

    private static String queued(QueueView.Entry entry, Instant givesUpAt, Instant now) {
        return DeliveryJson.of(entry, givesUpAt, now);
    }

    private static void message(JsonLine json, Timeline timeline, Instant now, int leftOut) {
        json.text("id", timeline.id().toString())
                .text("now", now.toString())
                .text("subject", timeline.subject())
                .text("from", DeliveryJson.reversePath(timeline.reversePath()))
                .number("octets", timeline.octets())
                .text("accepted_at", timeline.acceptedAt().toString())
                .text("listener", timeline.origin().listener())
                .text("client", timeline.origin().clientAddress())
                .text("helo", timeline.origin().heloName())
                .text("login", timeline.origin().login())
                .text("protocol", timeline.origin().protocol())
                .number("recipients", timeline.recipientCount())
                .objects("to", timeline.recipients(), HistoryControl::recipient)
                .number("left_out", leftOut);
    }

    private static void recipient(JsonLine json, Timeline.ForRecipient recipient) {
        json.text("recipient", recipient.mailbox().address())
                .text("state", recipient.state().name().toLowerCase(Locale.ROOT))
                .number("number", recipient.delivery())
                .text(
                        "rule",
                        recipient.disposition() instanceof Disposition.Relayed relayed
                                ? relayed.rule()
                                : "");
    }

    /** Of all attempts, or of those with a number; the newest of too many. */
    private ControlAnswer dialogues(ControlRequest request) {
        String id = request.text("id");
        SpoolId spoolId = SpoolId.parse(id);
        long delivery = request.number("delivery", -1);
        long attempt = request.number("attempt", -1);
        List<MailEvent.Tried> tries =
                engine.tries(spoolId).stream()
                        .filter(each -> delivery < 0 || each.delivery().number() == delivery)
                        .filter(each -> attempt < 0 || each.attempt() == attempt)
                        .toList();
        if (tries.isEmpty() && engine.timeline(spoolId).isEmpty()) {
            return unknown(id);
        }
        List<String> lines =
                tries.stream()
                        .skip(Math.max(0, tries.size() - DIALOGUES_MAX))
                        .map(EventJson::withDialogue)
                        .toList();
        return new ControlAnswer(
                lines,
                ControlAnswer.ok(json -> json.text("id", id).number("tries", tries.size())).last());
    }
}

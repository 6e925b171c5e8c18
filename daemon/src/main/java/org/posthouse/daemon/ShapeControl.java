package org.posthouse.daemon;

import org.posthouse.QueueShape;
import org.posthouse.QueueView;
import org.posthouse.QueueView.Entry;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How old what waits is. Whoever wants to see it grow gets what was counted so far every now and
 * then, so that a queue of millions is no long silence.
 */
final class ShapeControl {
    /** Rows that are told one by one. */
    static final int ROWS_MAX = 20;

    /** From one state to the next. */
    private static final Duration REFINED = Duration.ofMillis(150);

    private final QueueView queue;
    private final TimeSource time;
    private final Recent recent;
    private final Duration refined;

    ShapeControl(QueueView queue, TimeSource time, Recent recent) {
        this(queue, time, recent, REFINED);
    }

    /** With another time from one state to the next. */
    ShapeControl(QueueView queue, TimeSource time, Recent recent, Duration refined) {
        this.refined = refined;
        this.queue = queue;
        this.time = time;
        this.recent = recent;
    }

    /** One row of an answer. */
    private record Answering(QueueShape.By by, Instant now) {}

    /**
     * Counts to the end.
     *
     * @throws IllegalArgumentException when the request makes no sense
     */
    ControlAnswer answer(ControlRequest request, Following.Lines lines) throws IOException {
        var asked = new Answering(by(request.text("by")), time.now());
        boolean refines = Boolean.TRUE.equals(request.members().get("refine"));
        QueueShape.Shaping shaping = queue.shaping(asked.by(), asked.now());
        Deadline next = time.after(refined);
        while (shaping.advance()) {
            if (refines && time.isPast(next)) {
                partial(shaping, asked, lines);
                next = time.after(refined);
            }
        }
        QueueShape shape = shaping.shape(ROWS_MAX);
        return new ControlAnswer(
                rows(shape, asked), ControlAnswer.ok(json -> whole(json, shape, asked)).last());
    }

    private void partial(QueueShape.Shaping shaping, Answering asked, Following.Lines lines)
            throws IOException {
        QueueShape shape = shaping.shape(ROWS_MAX);
        for (String row : rows(shape, asked)) {
            lines.send(row, ControlServer.ANSWER_WITHIN);
        }
        String end =
                JsonLine.of(
                        json -> {
                            json.flag("partial", true).number("seen", shaping.seen());
                            whole(json, shape, asked);
                        });
        lines.send(end, ControlServer.ANSWER_WITHIN);
    }

    private static QueueShape.By by(String text) {
        String name = text.isEmpty() ? "domain" : text;
        for (QueueShape.By each : QueueShape.By.values()) {
            if (word(each).equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException("nothing is grouped by " + name);
    }

    /** As it is asked for. */
    static String word(QueueShape.By by) {
        return by.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private List<String> rows(QueueShape shape, Answering asked) {
        return shape.rows().stream()
                .map(row -> JsonLine.of(json -> row(json, row, asked)))
                .toList();
    }

    private void whole(JsonLine json, QueueShape shape, Answering asked) {
        json.text("now", asked.now().toString())
                .text("by", word(asked.by()))
                .number("messages", queue.messages())
                .number("deliveries", queue.deliveries())
                .object("total", to -> total(to, shape.total(), asked))
                .number("other_domains", shape.otherRows())
                .object("others", to -> cells(to, shape.others()))
                .objects("suspensions", queue.suspensions(), SuspensionJson::write);
    }

    private void total(JsonLine json, QueueShape.Row row, Answering asked) {
        cells(json, row);
        outcomes(json, recent.ofAll(asked.now(), Recent.MINUTES));
    }

    /** With what was said last: to the domain, else to the oldest. */
    private void row(JsonLine json, QueueShape.Row row, Answering asked) {
        boolean isDomain = asked.by() == QueueShape.By.DOMAIN;
        json.text("name", row.name());
        if (isDomain) {
            json.text("domain", row.name());
        }
        Optional<Entry> oldest = cells(json, row);
        String said = isDomain ? recent.lastReply(row.name()) : "";
        json.text("last_reply", said.isEmpty() ? oldest.map(Entry::lastReply).orElse("") : said);
        if (isDomain) {
            outcomes(json, recent.of(row.name(), asked.now(), Recent.MINUTES));
        }
    }

    private Optional<Entry> cells(JsonLine json, QueueShape.Row row) {
        Optional<Entry> oldest = row.oldest().flatMap(queue::find);
        json.number("deliveries", row.total())
                .number("held", row.held())
                .number("due", row.due())
                .numbers("ages", row.ages())
                .text("oldest_at", oldest.map(each -> each.acceptedAt().toString()).orElse(""));
        return oldest;
    }

    private static void outcomes(JsonLine json, Recent.Outcomes outcomes) {
        json.number("outcomes_1h", outcomes.all()).number("delivered_1h", outcomes.delivered());
    }
}

package org.posthouse.daemon;

import org.posthouse.Explanation;
import org.posthouse.core.Reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** An explanation as one JSON object; members are only ever added. */
final class ExplanationJson {
    private ExplanationJson() {}

    static String of(Explanation explanation) {
        return JsonLine.of(json -> write(json, explanation));
    }

    static void write(JsonLine json, Explanation explanation) {
        json.text("outcome", explanation.outcome().word()).text("stage", explanation.stage());
        explanation
                .reply()
                .ifPresentOrElse(
                        reply -> json.object("reply", to -> reply(to, reply)),
                        () -> json.nothing("reply"));
        json.text("code", explanation.code())
                .text("listener", explanation.listener())
                .text("rule", explanation.rule())
                .text("route", explanation.route())
                .objects("lines", explanation.lines(), ExplanationJson::line)
                .objects("changes", explanation.changes(), ExplanationJson::change);
    }

    /** Reads what {@link #write} wrote of a message that was taken; the rest is left empty. */
    static Explanation read(Map<?, ?> members) {
        var lines = new ArrayList<Explanation.Line>();
        if (members.get("lines") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> line) {
                    lines.add(line(line));
                }
            }
        }
        return new Explanation(
                outcome(text(members, "outcome")),
                "",
                Optional.empty(),
                "",
                text(members, "listener"),
                text(members, "rule"),
                text(members, "route"),
                lines,
                List.of());
    }

    private static Explanation.Line line(Map<?, ?> line) {
        return new Explanation.Line(
                line.get("stage") instanceof Long stage ? stage.intValue() : 0,
                text(line, "label"),
                text(line, "subject"),
                text(line, "answer"),
                mark(text(line, "mark")),
                text(line, "place"));
    }

    private static Explanation.Outcome outcome(String word) {
        return Stream.of(Explanation.Outcome.values())
                .filter(outcome -> outcome.word().equals(word))
                .findFirst()
                .orElse(Explanation.Outcome.REFUSED);
    }

    private static Explanation.Mark mark(String word) {
        return Stream.of(Explanation.Mark.values())
                .filter(mark -> mark.word().equals(word))
                .findFirst()
                .orElse(Explanation.Mark.NONE);
    }

    private static String text(Map<?, ?> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }

    private static void reply(JsonLine json, Reply reply) {
        json.number("code", reply.code())
                .text("status", reply.status().toString())
                .text("text", String.join("\n", reply.lines()));
    }

    private static void line(JsonLine json, Explanation.Line line) {
        json.number("stage", line.number())
                .text("label", line.label())
                .text("subject", line.subject())
                .text("answer", line.answer())
                .text("mark", line.mark().word())
                .text("place", line.place());
    }

    private static void change(JsonLine json, Explanation.Change change) {
        json.text("what", change.what())
                .text("effect", change.effect())
                .text("place", change.place());
    }
}

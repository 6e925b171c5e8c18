package org.posthouse.daemon;

import org.posthouse.Explanation;
import org.posthouse.core.Reply;

/** An explanation as one JSON object; members are only ever added. */
final class ExplanationJson {
    private ExplanationJson() {}

    static String of(Explanation explanation) {
        return JsonLine.of(json -> write(json, explanation));
    }

    private static void write(JsonLine json, Explanation explanation) {
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

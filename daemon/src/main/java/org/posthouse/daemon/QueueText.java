package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The queue as a whole, as people read it. */
final class QueueText {
    private static final int NAME_WIDTH = 18;
    private static final int TOTAL_WIDTH = 7;
    private static final int OK_WIDTH = 8;
    private static final int TABLE_WIDTH = NAME_WIDTH + TOTAL_WIDTH + 9 * AgeCells.WIDTH + OK_WIDTH;

    /** The same where there are only 80 columns. */
    private static final int NAME_NARROW = 15;

    private static final int TOTAL_NARROW = 5;
    private static final int OK_NARROW = 6;

    private static final int REPLY_MIN = 20;
    private static final int LABEL_WIDTH = 12;
    private static final int SUMMARY_DOMAINS = 5;

    private final Terminal terminal;

    QueueText(Terminal terminal) {
        this.terminal = terminal;
    }

    String summary(Map<String, Object> whole, List<Map<String, Object>> domains) {
        Map<String, Object> total = row(whole, "total");
        long deliveries = ControlCommand.number(total, "deliveries");
        long held = ControlCommand.number(total, "held");
        long due = ControlCommand.number(total, "due");
        String messages =
                Figures.count(ControlCommand.number(whole, "messages"), "message", "messages");
        var text = new StringBuilder();
        line(text, "queue", messages + ", " + Figures.count(deliveries, "delivery", "deliveries"));
        line(text, "due", Figures.count(due));
        line(text, "waiting", Figures.count(deliveries - held - due));
        line(text, "held", Figures.count(held));
        String oldest = ControlCommand.text(total, "oldest_at");
        if (!oldest.isEmpty()) {
            Instant now = DeliveryLines.instant(whole, "now");
            line(text, "oldest", Figures.time(Duration.between(Instant.parse(oldest), now)));
        }
        for (Map<String, Object> each : ControlCommand.objects(whole, "suspensions")) {
            Instant now = DeliveryLines.instant(whole, "now");
            line(text, "suspended", SuspensionText.line(each, now));
        }
        for (Map<String, Object> each :
                domains.subList(0, Math.min(domains.size(), SUMMARY_DOMAINS))) {
            String count = Figures.count(ControlCommand.number(each, "deliveries"));
            line(text, "for", ControlCommand.text(each, "name") + "   " + count);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String label, String said) {
        text.append(pad(label, LABEL_WIDTH)).append(said).append('\n');
    }

    /** A table; what was said last stands behind it where it is wide enough. */
    String shape(Map<String, Object> whole, List<Map<String, Object>> rows) {
        var text = new StringBuilder();
        var head = new StringBuilder(pad("age", nameWidth())).append(right("total", totalWidth()));
        AgeCells.HEADS.forEach(age -> head.append(right(age, AgeCells.WIDTH)));
        head.append(right("ok 1h", okWidth())).append(hasReplies() ? "  last reply" : "");
        text.append(terminal.paint().paint(Mark.NONE, head.toString())).append('\n');
        Map<String, Object> total = row(whole, "total");
        text.append(line("TOTAL", total));
        for (Map<String, Object> each : rows) {
            String name = ControlCommand.text(each, "name");
            text.append(line(name.isEmpty() ? "(none)" : name, each));
        }
        long others = ControlCommand.number(whole, "other_domains");
        if (others > 0) {
            text.append(line("(others, " + others + ")", row(whole, "others")));
        }
        return text.toString();
    }

    private boolean isNarrow() {
        return terminal.columns() < TABLE_WIDTH;
    }

    private int nameWidth() {
        return isNarrow() ? NAME_NARROW : NAME_WIDTH;
    }

    private int totalWidth() {
        return isNarrow() ? TOTAL_NARROW : TOTAL_WIDTH;
    }

    private int okWidth() {
        return isNarrow() ? OK_NARROW : OK_WIDTH;
    }

    private boolean hasReplies() {
        return terminal.columns() >= TABLE_WIDTH + 2 + REPLY_MIN;
    }

    /** A name that is too long has a line of its own. */
    private String line(String name, Map<String, Object> row) {
        boolean isLong = name.length() >= nameWidth();
        var text = new StringBuilder(isLong ? cut(name, terminal.columns()) + "\n" : "");
        text.append(pad(isLong ? "" : name, nameWidth()));
        long total = ControlCommand.number(row, "deliveries");
        text.append(right(AgeCells.number(total), totalWidth()));
        var shading = terminal.colours() ? AgeCells.Shading.COLOURS : AgeCells.Shading.NONE;
        AgeCells.of(row).forEach(count -> text.append(AgeCells.shaded(count, shading)));
        text.append(right(share(row), okWidth()));
        String reply = ControlCommand.text(row, "last_reply");
        if (hasReplies() && !reply.isEmpty()) {
            text.append("  ").append(cut(reply, terminal.columns() - TABLE_WIDTH - 2));
        }
        return text.toString().stripTrailing() + "\n";
    }

    /** How many of the outcomes of the last hour were deliveries; empty without any. */
    private static String share(Map<String, Object> row) {
        long all = ControlCommand.number(row, "outcomes_1h");
        return all == 0 ? "" : ControlCommand.number(row, "delivered_1h") * 100 / all + " %";
    }

    private static String cut(String text, int columns) {
        return text.length() <= columns ? text : text.substring(0, columns - 3) + "...";
    }

    private static Map<String, Object> row(Map<String, Object> whole, String name) {
        return whole.get(name) instanceof Map<?, ?> row
                ? JsonReader.object(JsonLine.of(json -> json.members(row)))
                : Map.of();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}

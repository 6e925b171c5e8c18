package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The queue as a whole, as people read it. */
final class QueueText {
    private static final List<String> AGES =
            List.of("<5m", "<10m", "<20m", "<40m", "<80m", "<160m", "<320m", "<640m", "older");
    private static final int NAME_WIDTH = 18;
    private static final int TOTAL_WIDTH = 7;
    private static final int CELL_WIDTH = 6;
    private static final int TABLE_WIDTH = NAME_WIDTH + TOTAL_WIDTH + 9 * CELL_WIDTH;
    private static final int REPLY_MIN = 20;
    private static final int CELL_MAX = 10_000;
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
            line(text, "for", ControlCommand.text(each, "domain") + "   " + count);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String label, String said) {
        text.append(pad(label, LABEL_WIDTH)).append(said).append('\n');
    }

    /** A table; what was said last to the oldest stands behind it where it is wide enough. */
    String shape(Map<String, Object> whole, List<Map<String, Object>> domains) {
        var text = new StringBuilder();
        var head = new StringBuilder(pad("age", NAME_WIDTH)).append(right("total", TOTAL_WIDTH));
        AGES.forEach(age -> head.append(right(age, CELL_WIDTH)));
        head.append(hasReplies() ? "  last reply to the oldest" : "");
        text.append(terminal.paint().paint(Mark.NONE, head.toString())).append('\n');
        Map<String, Object> total = row(whole, "total");
        text.append(line("TOTAL", total, ""));
        for (Map<String, Object> each : domains) {
            String reply = ControlCommand.text(each, "last_reply");
            text.append(line(ControlCommand.text(each, "domain"), each, reply));
        }
        long others = ControlCommand.number(whole, "other_domains");
        if (others > 0) {
            text.append(line("(others, " + others + ")", row(whole, "others"), ""));
        }
        return text.toString();
    }

    private boolean hasReplies() {
        return terminal.columns() >= TABLE_WIDTH + 2 + REPLY_MIN;
    }

    /** A name that is too long has a line of its own. */
    private String line(String name, Map<String, Object> row, String reply) {
        boolean isLong = name.length() >= NAME_WIDTH;
        var text = new StringBuilder(isLong ? name + "\n" : "");
        text.append(pad(isLong ? "" : name, NAME_WIDTH));
        text.append(right(cell(ControlCommand.number(row, "deliveries")), TOTAL_WIDTH));
        if (row.get("ages") instanceof List<?> ages) {
            for (Object age : ages) {
                text.append(right(age instanceof Long count ? cell(count) : "", CELL_WIDTH));
            }
        }
        if (hasReplies() && !reply.isEmpty()) {
            int room = terminal.columns() - TABLE_WIDTH - 2;
            boolean cut = reply.length() > room;
            text.append("  ").append(cut ? reply.substring(0, room - 3) + "..." : reply);
        }
        return text.append('\n').toString();
    }

    private static String cell(long count) {
        return count < CELL_MAX ? String.valueOf(count) : count / 1000 + "k";
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

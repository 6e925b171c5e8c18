package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Deliveries of the queue as people read them. */
final class DeliveryLines {
    private static final int ID_WIDTH = 17;
    private static final int AGE_WIDTH = 9;
    private static final int STATE_WIDTH = 14;
    private static final int INDENT = ID_WIDTH + AGE_WIDTH + STATE_WIDTH;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Terminal terminal;

    DeliveryLines(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What stands above a list. */
    String head() {
        return paint(
                Mark.NONE,
                pad("DELIVERY", ID_WIDTH)
                        + pad("AGE", AGE_WIDTH)
                        + pad("STATE", STATE_WIDTH)
                        + "FROM -> TO");
    }

    /** A delivery in a list: one to three lines, without the last line feed. */
    String row(Map<String, Object> delivery, Instant now) {
        String from = ControlCommand.text(delivery, "from");
        String to = "-> " + recipients(delivery);
        boolean isShort = INDENT + from.length() + 1 + to.length() <= terminal.columns();
        var row = new StringBuilder();
        row.append(pad(ControlCommand.text(delivery, "delivery"), ID_WIDTH));
        String age = Figures.time(Duration.between(instant(delivery, "accepted_at"), now));
        row.append(pad(age, AGE_WIDTH));
        row.append(paint(mark(delivery), pad(state(delivery, now), STATE_WIDTH)));
        row.append(from).append(isShort ? " " : "\n" + " ".repeat(INDENT)).append(to);
        String reply = ControlCommand.text(delivery, "last_reply");
        if (!reply.isEmpty()) {
            String line = cut(reply, terminal.columns() - ID_WIDTH);
            row.append('\n').append(" ".repeat(ID_WIDTH)).append(paint(Mark.NONE, line));
        }
        return row.toString();
    }

    private static String recipients(Map<String, Object> delivery) {
        List<String> to = ControlCommand.texts(delivery, "to");
        long more = ControlCommand.number(delivery, "recipients") - 1;
        return (to.isEmpty() ? "" : to.getFirst()) + (more > 0 ? " (+" + more + ")" : "");
    }

    private static String state(Map<String, Object> delivery, Instant now) {
        String state = ControlCommand.text(delivery, "state");
        return state.equals("waiting")
                ? "waits " + Figures.time(Duration.between(now, instant(delivery, "next_at")))
                : state;
    }

    private static Mark mark(Map<String, Object> delivery) {
        return switch (ControlCommand.text(delivery, "state")) {
            case "held", "suspended" -> Mark.REFUSE;
            case "waiting" -> Mark.NO;
            default -> Mark.OK;
        };
    }

    /** How a delivery stands, in one line. */
    String standing(Map<String, Object> delivery, Instant now) {
        return switch (ControlCommand.text(delivery, "state")) {
            case "held" -> paint(Mark.REFUSE, "HELD") + " until released";
            case "suspended" -> paint(Mark.REFUSE, "SUSPENDED") + " by " + suspension(delivery);
            case "waiting" -> {
                Duration wait = Duration.between(now, instant(delivery, "next_at"));
                String at = CLOCK.format(instant(delivery, "next_at"));
                yield paint(Mark.NO, "WAITING")
                        + ", next "
                        + at
                        + " (in "
                        + Figures.time(wait)
                        + ")";
            }
            default -> paint(Mark.OK, "DUE") + ", tried now, or once its host can be reached";
        };
    }

    private static String suspension(Map<String, Object> delivery) {
        Object by = delivery.get("suspension");
        return by instanceof Map<?, ?> members
                ? SuspensionText.what(JsonReader.object(JsonLine.of(to -> to.members(members))))
                : "the operator";
    }

    private String paint(Mark mark, String text) {
        return terminal.paint().paint(mark, text);
    }

    static Instant instant(Map<String, Object> members, String name) {
        return Instant.parse(ControlCommand.text(members, name));
    }

    private static String cut(String text, int columns) {
        return text.length() <= columns ? text : text.substring(0, columns - 3) + "...";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}

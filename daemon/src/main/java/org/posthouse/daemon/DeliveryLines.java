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
    private static final int NAMED_MAX = 3;

    /** What stands beside a Subject. */
    private static final int SUBJECT_ROOM = 52;

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

    /** A message and all that is left of it. */
    String message(Map<String, Object> message, List<Map<String, Object>> deliveries) {
        Instant now = instant(message, "now");
        String id = ControlCommand.text(message, "id");
        long recipients = ControlCommand.number(message, "recipients");
        var text = new StringBuilder();
        String subject = ControlCommand.text(message, "subject");
        int room = terminal.columns() - SUBJECT_ROOM;
        text.append(id)
                .append(subject.isEmpty() ? "" : "   \"" + cut(printed(subject), room) + '"')
                .append("   ")
                .append(Figures.octets(ControlCommand.number(message, "octets")))
                .append("   ")
                .append(Figures.count(recipients, "recipient", "recipients"))
                .append('\n');
        text.append("from ").append(ControlCommand.text(message, "from")).append('\n');
        text.append(received(message, now)).append('\n');
        if (message.containsKey("not_before")) {
            text.append("not before ").append(clock(message, "not_before")).append('\n');
        }
        long open = 0;
        for (Map<String, Object> delivery : deliveries) {
            open += ControlCommand.number(delivery, "recipients");
            text.append('\n').append(delivery(delivery, now));
        }
        if (open < recipients) {
            String done = Figures.count(recipients - open, "recipient is", "recipients are");
            text.append("\nand ").append(done).append(" done with\n");
        }
        text.append("\nWhy: posthouse explain ").append(id);
        return text.append("   Content: posthouse msg raw ").append(id).append('\n').toString();
    }

    private static String received(Map<String, Object> message, Instant now) {
        String age = Figures.time(Duration.between(instant(message, "accepted_at"), now));
        var text = new StringBuilder("accepted ").append(clock(message, "accepted_at"));
        text.append(" (").append(age).append(" ago)");
        String listener = ControlCommand.text(message, "listener");
        if (listener.isEmpty()) {
            return text.append(", made here").toString();
        }
        text.append(" on \"").append(listener).append('"');
        text.append("\n  from ").append(ControlCommand.text(message, "client"));
        text.append(" (").append(ControlCommand.text(message, "helo")).append(")   ");
        text.append(ControlCommand.text(message, "protocol"));
        String login = ControlCommand.text(message, "login");
        return text.append(login.isEmpty() ? "" : "   login " + login).toString();
    }

    private String delivery(Map<String, Object> delivery, Instant now) {
        var text = new StringBuilder();
        List<String> to = ControlCommand.texts(delivery, "to");
        for (String recipient : to.subList(0, Math.min(to.size(), NAMED_MAX))) {
            text.append(recipient).append('\n');
        }
        long more = ControlCommand.number(delivery, "recipients") - NAMED_MAX;
        if (more > 0) {
            String domain = ControlCommand.text(delivery, "domain");
            text.append("and ").append(Figures.count(more)).append(" more of ").append(domain);
            text.append('\n');
        }
        text.append("  ").append(paint(mark(delivery), standing(delivery, now))).append('\n');
        long attempts = ControlCommand.number(delivery, "attempts");
        if (delivery.containsKey("last_attempt_at")) {
            String made = Figures.count(attempts, "attempt", "attempts");
            text.append("  ").append(attempts > 0 ? made : "no host could be reached yet");
            text.append(", the last try ended ").append(clock(delivery, "last_attempt_at"));
            text.append("   ").append(ControlCommand.text(delivery, "cause")).append('\n');
        }
        String reply = ControlCommand.text(delivery, "last_reply");
        if (!reply.isEmpty()) {
            text.append("  ").append(cut(reply, terminal.columns() - 2)).append('\n');
        }
        String site = ControlCommand.text(delivery, "site");
        if (!site.isEmpty()) {
            text.append("  goes to ").append(cut(site, terminal.columns() - 10)).append('\n');
        }
        if (Boolean.TRUE.equals(delivery.get("possible_duplicate"))) {
            text.append("  may have arrived already: an attempt broke off before its reply\n");
        }
        return text.toString();
    }

    private static String standing(Map<String, Object> delivery, Instant now) {
        String name = "   " + ControlCommand.text(delivery, "delivery");
        String ends =
                delivery.containsKey("expires_at")
                        ? ", gives up " + clock(delivery, "expires_at")
                        : "";
        return switch (ControlCommand.text(delivery, "state")) {
            case "held" -> "HELD until released" + ends + name;
            case "suspended" -> "SUSPENDED by " + suspension(delivery) + ends + name;
            case "waiting" -> {
                Duration wait = Duration.between(now, instant(delivery, "next_at"));
                String at = clock(delivery, "next_at");
                yield "WAITING, next " + at + " (in " + Figures.time(wait) + ")" + ends + name;
            }
            default -> "DUE, tried now, or once its host can be reached" + ends + name;
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

    private static String clock(Map<String, Object> members, String name) {
        return CLOCK.format(instant(members, name));
    }

    static Instant instant(Map<String, Object> members, String name) {
        return Instant.parse(ControlCommand.text(members, name));
    }

    /** A stranger's text must not steer the terminal. */
    private static String printed(String text) {
        var printed = new StringBuilder(text.length());
        text.codePoints().map(c -> isControl(c) ? '?' : c).forEach(printed::appendCodePoint);
        return printed.toString();
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
    }

    private static String cut(String text, int columns) {
        return text.length() <= columns ? text : text.substring(0, columns - 3) + "...";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}

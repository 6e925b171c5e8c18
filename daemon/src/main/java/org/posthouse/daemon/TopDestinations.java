package org.posthouse.daemon;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Destinations as lines of the live view. */
final class TopDestinations {
    private static final int NAME_WIDTH = 22;
    private static final int CONN_WIDTH = 8;
    private static final int REPLY_MIN = 10;

    /** Of what was said last, so much stands before a note on how it goes. */
    private static final int NOTED_REPLY_MIN = 20;

    private static final int NOTE_WIDTH = 26;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final int columns;
    private final boolean isWide;
    private final boolean hasConnections;

    /**
     * A table.
     *
     * @param isWide with what is due, held, and went well in the last hour
     */
    TopDestinations(int columns, boolean isWide) {
        this.columns = columns;
        this.isWide = isWide;
        hasConnections = head(true).length() <= columns;
    }

    /** What stands above them. */
    String head() {
        String head = head(hasConnections);
        return head + (room(head) >= REPLY_MIN ? "  LAST REPLY" : "");
    }

    private String head(boolean withConnections) {
        return pad(" DESTINATION", NAME_WIDTH)
                + right("QUEUED", 8)
                + (isWide ? right("DUE", 7) + right("HELD", 7) : "")
                + right("OUT/min", 9)
                + (withConnections ? right("CONN", CONN_WIDTH) : "")
                + right("OK 5m", 8)
                + (isWide ? right("OK 1h", 8) : "")
                + right("OLDEST", 9);
    }

    /** Behind it, and two blanks. */
    private int room(String line) {
        return columns - line.length() - 2;
    }

    /** One of them. */
    String row(Map<String, Object> row, Instant now) {
        String name = ControlCommand.text(row, "domain");
        boolean isLong = name.length() > NAME_WIDTH - 2;
        String shown = isLong ? name.substring(0, NAME_WIDTH - 5) + "..." : name;
        double minute = ControlCommand.number(row, "delivered_5m") / 5.0;
        String line =
                pad(" " + shown, NAME_WIDTH)
                        + right(Figures.count(ControlCommand.number(row, "deliveries")), 8)
                        + (isWide ? number(row, "due") + number(row, "held") : "")
                        + right(String.format(Locale.ROOT, "%.1f", minute), 9)
                        + (hasConnections ? right(connections(row), CONN_WIDTH) : "")
                        + share(row, "5m")
                        + (isWide ? share(row, "1h") : "")
                        + right(age(ControlCommand.text(row, "oldest_at"), now), 9);
        int room = room(line);
        return room < REPLY_MIN ? line : line + "  " + said(row, room);
    }

    /** {@code 8/10}; how many there may be is not always known. */
    private static String connections(Map<String, Object> row) {
        if (!row.containsKey("connections")) {
            return "-";
        }
        long most = ControlCommand.number(row, "connections_max");
        return ControlCommand.number(row, "connections") + "/" + (most == 0 ? "?" : most);
    }

    private static String number(Map<String, Object> row, String name) {
        return right(Figures.count(ControlCommand.number(row, name)), 7);
    }

    private static String share(Map<String, Object> row, String within) {
        long all = ControlCommand.number(row, "outcomes_" + within);
        long good = ControlCommand.number(row, "delivered_" + within);
        return right(all == 0 ? "-" : good * 100 / all + " %", 8);
    }

    /** What was said last, and behind it how it goes. */
    private static String said(Map<String, Object> row, int room) {
        boolean isSuspended = Boolean.TRUE.equals(row.get("suspended"));
        String reply = (isSuspended ? "SUSPENDED " : "") + ControlCommand.text(row, "last_reply");
        String note = note(row);
        int left = room - NOTE_WIDTH;
        if (note.isEmpty() || left < NOTED_REPLY_MIN) {
            return reply;
        }
        return pad(reply.length() <= left ? reply : reply.substring(0, left), left) + "  " + note;
    }

    private static String note(Map<String, Object> row) {
        return switch (ControlCommand.text(row, "pace")) {
            case "slowed" -> "slowed by the other side";
            case "pausing" ->
                    "pausing, next try " + CLOCK.format(DeliveryLines.instant(row, "next_try_at"));
            default -> "";
        };
    }

    /** Until now; {@code -} where there is no instant. */
    static String age(String at, Instant now) {
        return at.isEmpty() ? "-" : Figures.time(Duration.between(Instant.parse(at), now));
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}

package org.posthouse.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Sessions as lines of the live view. */
final class TopSessions {
    /** A whole IPv6 address, where there is room for one. */
    private static final int CLIENT_WIDTH_MAX = 41;

    private static final int CLIENT_WIDTH_MIN = 26;
    private static final int WIDE = 110;
    private static final int SIGN_MAX = 0x7e;

    private TopSessions() {}

    /** What stands above them. */
    static String head(int columns) {
        return pad(" CLIENT", clientWidth(columns))
                + pad("LISTENER", 12)
                + pad("FOR", 9)
                + pad("STATE", 13)
                + pad("TLS", 9)
                + "WHO, AND FROM WHOM";
    }

    /** One of them. */
    static String row(Map<String, Object> session, Instant now, int columns) {
        Instant since = DeliveryLines.instant(session, "connected_at");
        String login = text(session, "login");
        String who = login.isEmpty() ? text(session, "helo") : "login " + login;
        String from = text(session, "from");
        long recipients = ControlCommand.number(session, "recipients");
        String mail = from.isEmpty() ? "" : "  " + from + " to " + Figures.count(recipients);
        return pad(" " + text(session, "client"), clientWidth(columns))
                + pad(text(session, "listener"), 12)
                + pad(Figures.time(Duration.between(since, now)), 9)
                + pad(text(session, "state"), 13)
                + pad(text(session, "tls"), 9)
                + who
                + mail;
    }

    private static int clientWidth(int columns) {
        return columns < WIDE ? CLIENT_WIDTH_MIN : CLIENT_WIDTH_MAX;
    }

    /** Clients say what they like: nothing of it moves a terminal. */
    private static String text(Map<String, Object> session, String name) {
        var shown = new StringBuilder();
        ControlCommand.text(session, name)
                .chars()
                .map(c -> c < ' ' || c > SIGN_MAX ? '?' : c)
                .forEach(c -> shown.append((char) c));
        return shown.toString();
    }

    /** At least a space behind it. */
    private static String pad(String text, int width) {
        String cut = text.length() < width ? text : text.substring(0, width - 1);
        return cut + " ".repeat(width - cut.length());
    }
}

package org.posthouse.daemon;

import org.posthouse.core.MailEvent;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * An event as a line of the log: when, what, whose, then {@code name=value}. Values of strangers
 * are quoted where they hold anything but plain characters, so that no line can be forged.
 */
final class LogLine {
    /** Recipients named in one line; the number of the others is said. */
    private static final int RECIPIENTS_MAX = 20;

    private final StringBuilder text = new StringBuilder(160);

    private LogLine(Instant at, String what) {
        text.append(at.truncatedTo(ChronoUnit.MILLIS)).append(' ').append(what);
    }

    /** The line of an event, without its end; empty for events that are not logged. */
    static String of(MailEvent event) {
        return switch (event) {
            case MailEvent.Received received -> received(received);
            case MailEvent.Delivered e ->
                    new LogLine(e.at(), "delivered")
                            .subject(e.delivery())
                            .path("to", e.recipient())
                            .value("by", e.nexthop())
                            .value("attempt", e.attempt())
                            .value("after", seconds(e.elapsed()))
                            .value("duplicate", e.possibleDuplicate() ? "possible" : "")
                            .value("reply", e.reply())
                            .toString();
            case MailEvent.Deferred e ->
                    new LogLine(e.at(), "deferred")
                            .subject(e.delivery())
                            .path("to", e.recipient())
                            .value("by", e.nexthop())
                            .value("attempt", e.attempt())
                            .value("next", e.nextDueAt().truncatedTo(ChronoUnit.MILLIS))
                            .value("cause", e.cause().name().toLowerCase(Locale.ROOT))
                            .value("duplicate", e.possibleDuplicate() ? "possible" : "")
                            .value("reply", e.reply())
                            .toString();
            case MailEvent.Failed e ->
                    new LogLine(e.at(), "failed")
                            .subject(e.delivery())
                            .path("to", e.recipient())
                            .value("by", e.nexthop())
                            .value("attempt", e.attempt())
                            .value("report", e.report() ? "yes" : "no")
                            .value("duplicate", e.possibleDuplicate() ? "possible" : "")
                            .value("reply", e.reply())
                            .toString();
            case MailEvent.Unreported e ->
                    new LogLine(e.at(), "unreported")
                            .subject(e.delivery())
                            .path("to", e.recipient())
                            .value("reply", e.reply())
                            .toString();
            case MailEvent.RateChanged e -> rate(e);
            case MailEvent.QueueChanged e -> changed(e);
            case MailEvent.Refused e ->
                    new LogLine(e.at(), "refused")
                            .value("session", e.session())
                            .value("at", e.stage())
                            .value("address", e.address())
                            .value("code", e.code())
                            .value("reply", e.reply())
                            .toString();
            case MailEvent.Authenticated e ->
                    new LogLine(e.at(), e.succeeded() ? "login" : "login-failed")
                            .value("session", e.session())
                            .value("login", e.login())
                            .value("mechanism", e.mechanism())
                            .toString();
            case MailEvent.Trouble e -> trouble(e);
            case MailEvent.SessionOpened e ->
                    new LogLine(e.at(), "connected")
                            .value("session", e.session())
                            .value("listener", e.listener())
                            .value("client", e.clientAddress())
                            .toString();
            case MailEvent.SessionClosed e -> "";
            case MailEvent.AttemptStep e -> "";
            case MailEvent.Settled e -> "";
        };
    }

    private static String trouble(MailEvent.Trouble e) {
        return new LogLine(e.at(), "trouble").subject(e.code()).value("text", e.text()).toString();
    }

    private static String changed(MailEvent.QueueChanged e) {
        LogLine line = new LogLine(e.at(), e.change()).value("what", e.what());
        return line.value("detail", e.detail()).toString();
    }

    private static String rate(MailEvent.RateChanged e) {
        return new LogLine(e.at(), "rate")
                .value("site", e.site())
                .value("before", e.before())
                .value("after", e.after())
                .value("until", e.until().truncatedTo(ChronoUnit.MILLIS))
                .value("why", e.cause())
                .toString();
    }

    private static String received(MailEvent.Received e) {
        LogLine line =
                new LogLine(e.at(), "received")
                        .subject(e.message())
                        .path("from", e.reversePath())
                        .recipients(e.recipients())
                        .value("octets", e.octets())
                        .value("listener", e.origin().listener())
                        .value("client", e.origin().clientAddress())
                        .value("helo", e.origin().heloName())
                        .value("login", e.origin().login())
                        .value("with", e.origin().protocol());
        return line.toString();
    }

    /** Seconds with three digits. */
    private static String seconds(Duration duration) {
        long millis = duration.toMillis();
        String fraction = Long.toString(1000 + millis % 1000).substring(1);
        return millis / 1000 + "." + fraction + "s";
    }

    private LogLine subject(Object subject) {
        text.append(' ').append(subject);
        return this;
    }

    private LogLine path(String name, ReversePath path) {
        return value(name, "<" + path.address() + ">");
    }

    private LogLine recipients(List<Recipient> recipients) {
        for (Recipient recipient :
                recipients.subList(0, Math.min(recipients.size(), RECIPIENTS_MAX))) {
            path("to", recipient.mailbox());
        }
        return recipients.size() > RECIPIENTS_MAX
                ? value("more", recipients.size() - RECIPIENTS_MAX)
                : this;
    }

    /** A field; nothing where the value is empty. */
    private LogLine value(String name, Object value) {
        String plain = value.toString();
        if (plain.isEmpty()) {
            return this;
        }
        text.append(' ').append(name).append('=');
        if (isPlain(plain)) {
            text.append(plain);
        } else {
            quote(plain);
        }
        return this;
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (isPrinted(c)) {
                text.append(c);
            } else {
                text.append("\\u").append(Integer.toHexString(0x10000 + c).substring(1));
            }
        }
        text.append('"');
    }

    /** Neither control nor anything that turns the direction of the text. */
    private static boolean isPrinted(char c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.UNASSIGNED;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

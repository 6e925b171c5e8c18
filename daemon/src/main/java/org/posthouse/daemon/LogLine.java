package org.posthouse.daemon;

import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An event as a line of the log: when, what, whose, then {@code name=value}. Values of strangers
 * are quoted where they hold anything but plain characters, so that no line can be forged.
 */
final class LogLine {
    /** Recipients named in one line; the number of the others is said. */
    private static final int RECIPIENTS_MAX = 20;

    /** Fields whose names the Elastic Common Schema has. */
    private static final Map<String, String> ECS =
            Map.of("client", "client.address", "login", "user.name", "code", "error.code");

    private final StringBuilder text = new StringBuilder(160);
    private final boolean json;

    private LogLine(boolean json, Instant at, String what) {
        this.json = json;
        Instant shown = at.truncatedTo(ChronoUnit.MILLIS);
        if (json) {
            text.append("{\"@timestamp\":\"").append(shown);
            text.append("\",\"log.level\":\"").append(what.equals("trouble") ? "error" : "info");
            text.append("\",\"event.action\":\"").append(what).append('"');
        } else {
            text.append(shown).append(' ').append(what);
        }
    }

    /** What is said about no event, as JSON. */
    static String notice(String said) {
        return JsonLine.of(line -> line.text("log.level", "info").text("message", said));
    }

    /** The line of an event for people, without its end; empty for events that are not logged. */
    static String of(MailEvent event) {
        return of(event, false);
    }

    /** The same; as JSON, where that is wanted. */
    static String of(MailEvent event, boolean json) {
        return switch (event) {
            case MailEvent.Received e -> received(json, e);
            case MailEvent.Delivered e -> delivered(json, e);
            case MailEvent.Deferred e -> deferred(json, e);
            case MailEvent.Failed e -> failed(json, e);
            case MailEvent.Unreported e ->
                    new LogLine(json, e.at(), "unreported")
                            .subject("delivery", e.delivery())
                            .path("to", e.recipient())
                            .value("reply", e.reply())
                            .toString();
            case MailEvent.RateChanged e -> rate(json, e);
            case MailEvent.CircuitChanged e -> circuit(json, e);
            case MailEvent.Secured e -> secured(json, e);
            case MailEvent.TlsFailed e -> unproven(json, e);
            case MailEvent.QueueChanged e ->
                    new LogLine(json, e.at(), e.change())
                            .value("what", e.what())
                            .value("detail", e.detail())
                            .toString();
            case MailEvent.DeliveryChanged e ->
                    new LogLine(json, e.at(), word(e.change().name()))
                            .subject("delivery", e.delivery())
                            .recipients(e.recipients())
                            .value("detail", e.detail())
                            .toString();
            case MailEvent.Refused e ->
                    new LogLine(json, e.at(), "refused")
                            .value("session", e.session())
                            .value("at", e.stage())
                            .value("address", e.address())
                            .value("code", e.code())
                            .value("reply", e.reply())
                            .toString();
            case MailEvent.Authenticated e ->
                    new LogLine(json, e.at(), e.succeeded() ? "login" : "login-failed")
                            .value("session", e.session())
                            .value("login", e.login())
                            .value("mechanism", e.mechanism())
                            .toString();
            case MailEvent.Trouble e -> trouble(json, e);
            case MailEvent.SessionOpened e -> connected(json, e);
            case MailEvent.SessionClosed e -> "";
            case MailEvent.SessionSecured e -> "";
            case MailEvent.AttemptStep e -> "";
            case MailEvent.Routed e -> "";
            case MailEvent.Tried e -> e.succeeded() ? "" : tried(json, e);
            case MailEvent.Settled e -> "";
        };
    }

    private static String trouble(boolean json, MailEvent.Trouble e) {
        return new LogLine(json, e.at(), "trouble")
                .subject("code", e.code())
                .value("text", e.text())
                .toString();
    }

    private static String failed(boolean json, MailEvent.Failed e) {
        return new LogLine(json, e.at(), "failed")
                .subject("delivery", e.delivery())
                .path("to", e.recipient())
                .value("by", e.nexthop())
                .value("attempt", e.attempt())
                .value("report", e.report() ? "yes" : "no")
                .value("diagnosis", e.diagnosis().code())
                .value("duplicate", e.possibleDuplicate() ? "possible" : "")
                .value("reply", e.reply())
                .toString();
    }

    private static String delivered(boolean json, MailEvent.Delivered e) {
        return new LogLine(json, e.at(), "delivered")
                .subject("delivery", e.delivery())
                .path("to", e.recipient())
                .value("by", e.nexthop())
                .value("attempt", e.attempt())
                .value("after", seconds(e.elapsed()))
                .value("duplicate", e.possibleDuplicate() ? "possible" : "")
                .value("reply", e.reply())
                .toString();
    }

    private static String deferred(boolean json, MailEvent.Deferred e) {
        return new LogLine(json, e.at(), "deferred")
                .subject("delivery", e.delivery())
                .path("to", e.recipient())
                .value("by", e.nexthop())
                .value("attempt", e.attempt())
                .value("next", e.nextDueAt().truncatedTo(ChronoUnit.MILLIS))
                .value("cause", e.cause().name().toLowerCase(Locale.ROOT))
                .value("diagnosis", e.diagnosis().code())
                .value("duplicate", e.possibleDuplicate() ? "possible" : "")
                .value("reply", e.reply())
                .toString();
    }

    private static String tried(boolean json, MailEvent.Tried e) {
        return new LogLine(json, e.at(), "attempt")
                .subject("delivery", e.delivery())
                .value("by", e.nexthop())
                .value("attempt", e.attempt())
                .value("tls", e.protection().tls())
                .value("proof", e.protection().proof())
                .value("reached", e.reached().name().toLowerCase(Locale.ROOT))
                .value("took", seconds(e.elapsed()))
                .value("diagnosis", e.diagnosis().code())
                .value("reply", e.reply())
                .toString();
    }

    private static String connected(boolean json, MailEvent.SessionOpened e) {
        return new LogLine(json, e.at(), "connected")
                .value("session", e.session())
                .value("listener", e.listener())
                .value("client", e.clientAddress())
                .toString();
    }

    private static String secured(boolean json, MailEvent.Secured e) {
        return new LogLine(json, e.at(), "opened")
                .subject("delivery", e.delivery())
                .value("by", e.nexthop())
                .value("tls", word(e.level().name()))
                .value("version", e.version())
                .toString();
    }

    private static String unproven(boolean json, MailEvent.TlsFailed e) {
        return new LogLine(json, e.at(), "unproven")
                .value("domain", e.domain())
                .value("by", e.nexthop())
                .value("wanted", word(e.wanted().name()))
                .value("used", e.isUsed() ? "yes" : "no")
                .value("fault", e.fault().word())
                .value("why", e.text())
                .toString();
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String rate(boolean json, MailEvent.RateChanged e) {
        return new LogLine(json, e.at(), "rate")
                .value("site", e.site())
                .value("before", e.before())
                .value("after", e.after())
                .value("until", e.until().truncatedTo(ChronoUnit.MILLIS))
                .value("why", e.cause())
                .toString();
    }

    private static String circuit(boolean json, MailEvent.CircuitChanged e) {
        boolean waits = e.until().isAfter(e.at());
        return new LogLine(json, e.at(), "circuit")
                .value("site", e.site())
                .value("before", word(e.before().name()))
                .value("after", word(e.after().name()))
                .value("until", waits ? e.until().truncatedTo(ChronoUnit.MILLIS) : "")
                .value("why", e.cause())
                .toString();
    }

    private static String received(boolean json, MailEvent.Received e) {
        LogLine line =
                new LogLine(json, e.at(), "received")
                        .subject("id", e.message())
                        .path("from", e.reversePath())
                        .recipients(e.recipients().stream().map(Recipient::mailbox).toList())
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

    private LogLine subject(String name, Object subject) {
        if (json) {
            return value(name, subject);
        }
        text.append(' ').append(subject);
        return this;
    }

    private LogLine path(String name, ReversePath path) {
        return value(name, "<" + path.address() + ">");
    }

    private LogLine recipients(List<Mailbox> recipients) {
        List<Mailbox> named = recipients.subList(0, Math.min(recipients.size(), RECIPIENTS_MAX));
        if (json) {
            text.append(",\"to\":[");
            for (int i = 0; i < named.size(); i++) {
                text.append(i == 0 ? "" : ",");
                JsonLine.quote(text, "<" + named.get(i).address() + ">");
            }
            text.append(']');
        } else {
            named.forEach(recipient -> path("to", recipient));
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
        if (json) {
            text.append(",\"").append(ECS.getOrDefault(name, name)).append("\":");
            if (value instanceof Number) {
                text.append(plain);
            } else {
                JsonLine.quote(text, plain);
            }
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
        return json ? text + "}" : text.toString();
    }
}

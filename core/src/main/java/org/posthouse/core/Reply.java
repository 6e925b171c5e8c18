package org.posthouse.core;

import java.util.List;
import java.util.Objects;

/**
 * A reply: code, enhanced status and one or more lines of text (RFC 5321 section 4.2, RFC 2034).
 * The same type for what we say and what a next hop said to us. Text of a next hop has control
 * characters replaced by the parser, so that it can be shown and logged.
 *
 * @param code 200 to 599
 * @param status the enhanced status, whose first digit agrees with the code; NONE where there is
 *     none
 * @param lines the text without code and status, at least one line (it may be empty), no CR or LF
 * @since 0.1
 */
public record Reply(int code, EnhancedStatus status, List<String> lines) {
    /** Checks code, status and lines. */
    public Reply {
        Objects.requireNonNull(status);
        lines = List.copyOf(lines);
        if (code < 200 || code > 599 || lines.isEmpty()) {
            throw new IllegalArgumentException("not a reply: " + code + " " + lines);
        }
        if (!status.isNone() && status.kind() != code / 100) {
            throw new IllegalArgumentException(code + " does not go with " + status);
        }
        for (String line : lines) {
            if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("a reply's line holds CR or LF");
            }
        }
    }

    /** One line with an enhanced status, for example {@code of(250, "2.1.0", "sender ok")}. */
    public static Reply of(int code, String status, String text) {
        return new Reply(code, EnhancedStatus.of(status), List.of(text));
    }

    /** One line without an enhanced status. */
    public static Reply plain(int code, String text) {
        return new Reply(code, EnhancedStatus.NONE, List.of(text));
    }

    /**
     * The octets that say this reply, the last CRLF included. Lines beyond {@link
     * ProtocolLimits#REPLY_LINE_OCTETS_MAX} become several.
     */
    public byte[] wire() {
        return ReplyWire.octets(this);
    }

    /** 2yz. */
    public boolean isPositive() {
        return code < 300;
    }

    /** 3yz: the command wants more, as DATA and AUTH do. */
    public boolean isIntermediate() {
        return code >= 300 && code < 400;
    }

    /** 4yz. */
    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    /** 5yz. */
    public boolean isPermanent() {
        return code >= 500;
    }

    /** Code, status and the lines in one line, for logs and reports. */
    @Override
    public String toString() {
        String text = String.join(" / ", lines);
        String head = status.isNone() ? Integer.toString(code) : code + " " + status;
        return text.isEmpty() ? head : head + " " + text;
    }
}

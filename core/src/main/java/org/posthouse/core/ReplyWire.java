package org.posthouse.core;

import java.nio.charset.StandardCharsets;

/** The wire form of replies: {@code 250-2.1.0 text}, with CRLF (RFC 5321 section 4.2). */
final class ReplyWire {
    private ReplyWire() {}

    static byte[] octets(Reply reply) {
        String status = reply.status().isNone() ? "" : reply.status().toString();
        var wire = new StringBuilder(80);
        int room = ProtocolLimits.REPLY_LINE_OCTETS_MAX - "250 ".length() - "\r\n".length();
        room -= status.isEmpty() ? 0 : status.length() + 1;
        int last = reply.lines().size() - 1;
        for (int i = 0; i < last; i++) {
            folded(wire, reply.code(), status, reply.lines().get(i), room, '-');
        }
        folded(wire, reply.code(), status, reply.lines().get(last), room, ' ');
        return wire.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a line; one that is too long becomes several, cut at spaces where there are some. */
    private static void folded(
            StringBuilder wire, int code, String status, String text, int room, char end) {
        int octets = Octets.length(text);
        int from = 0;
        if (octets > room) {
            // A char of a text that is not ASCII takes three octets of UTF-8 at most.
            int longest = octets == text.length() ? room : room / 3;
            while (text.length() - from > longest) {
                int to = cut(text, from, from + longest);
                line(wire, code, status, text.substring(from, to), '-');
                from = text.charAt(to) == ' ' ? to + 1 : to;
            }
        }
        line(wire, code, status, text.substring(from), end);
    }

    private static int cut(String text, int from, int to) {
        int space = text.lastIndexOf(' ', to);
        if (space > from) {
            return space;
        }
        return Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
    }

    private static void line(
            StringBuilder wire, int code, String status, String text, char separator) {
        wire.append(code).append(separator).append(status);
        if (!status.isEmpty() && !text.isEmpty()) {
            wire.append(' ');
        }
        wire.append(text).append("\r\n");
    }
}

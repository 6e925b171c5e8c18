package org.posthouse.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the replies of a next hop line by line (RFC 5321 section 4.2). Tolerates a code alone, text
 * that is not ASCII and lines without an enhanced status; the status is taken where it agrees with
 * the code (RFC 2034), and off the text. Of a long line the beginning is kept. Control characters
 * in text become question marks.
 *
 * @since 0.1
 */
public final class ReplyParser {
    private static final Result NEED_MORE = new Result.NeedMore();

    private final List<String> lines = new ArrayList<>();
    private int code;
    private int octets;
    private EnhancedStatus status = EnhancedStatus.NONE;

    /** Before the first line of a reply. */
    public ReplyParser() {}

    /** What a line led to. */
    public sealed interface Result {
        /** The reply goes on. */
        record NeedMore() implements Result {}

        /** That was its last line; the parser stands before the next reply. */
        record Complete(Reply reply) implements Result {}

        /** Not a reply: the stream is of no use any more. {@code why} is fit for logs. */
        record Garbled(String why) implements Result {}
    }

    /** Takes a line without its line end. The array is read and not kept. */
    public Result line(byte[] line, int from, int to) {
        int found = code(line, from, to);
        if (found < 200 || found > 599) {
            return garbled("not a reply", line, from, to);
        }
        if (!lines.isEmpty() && found != code) {
            return garbled("a reply that changes its code", line, from, to);
        }
        octets += to - from;
        if (lines.size() == ProtocolLimits.REPLY_LINES_MAX
                || octets > ProtocolLimits.REPLY_OCTETS_MAX) {
            return garbled("a reply without end", line, from, to);
        }
        code = found;
        int text = Math.min(from + 4, to);
        add(shown(line, text, Math.min(to, text + ProtocolLimits.REPLY_TEXT_KEPT_OCTETS_MAX)));
        return to - from > 3 && line[from + 3] == '-' ? NEED_MORE : complete();
    }

    private void add(String text) {
        EnhancedStatus prefix = EnhancedStatus.prefixOf(text);
        if (prefix.kind() != code / 100) {
            lines.add(text);
            return;
        }
        if (status.isNone()) {
            status = prefix;
        }
        int space = text.indexOf(' ');
        String rest = space < 0 ? "" : text.substring(space + 1);
        lines.add(prefix.equals(status) ? rest : text);
    }

    private Result complete() {
        var reply = new Reply(code, status, lines);
        reset();
        return new Result.Complete(reply);
    }

    private Result garbled(String why, byte[] line, int from, int to) {
        reset();
        return new Result.Garbled(why + ": " + shown(line, from, Math.min(to, from + 80)));
    }

    private void reset() {
        lines.clear();
        octets = 0;
        status = EnhancedStatus.NONE;
    }

    /** The code of a well-formed line; 0 for any other. */
    private static int code(byte[] line, int from, int to) {
        if (to - from < 3 || (to - from > 3 && line[from + 3] != ' ' && line[from + 3] != '-')) {
            return 0;
        }
        int value = 0;
        for (int i = from; i < from + 3; i++) {
            if (!Octets.isDigit(line[i])) {
                return 0;
            }
            value = value * 10 + line[i] - '0';
        }
        return value;
    }

    private static String shown(byte[] line, int from, int to) {
        String text = Octets.text(line, from, to);
        for (int i = 0; i < text.length(); i++) {
            if (Octets.isControl(text.charAt(i))) {
                return withoutControls(text);
            }
        }
        return text;
    }

    private static String withoutControls(String text) {
        var shown = new StringBuilder(text);
        for (int i = 0; i < shown.length(); i++) {
            if (Octets.isControl(shown.charAt(i))) {
                shown.setCharAt(i, '?');
            }
        }
        return shown.toString();
    }
}

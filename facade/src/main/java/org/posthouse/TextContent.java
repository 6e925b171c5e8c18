package org.posthouse;

import org.posthouse.core.Recipient;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Writes the content of a plain text message (RFC 5322, RFC 2045, RFC 2047). */
final class TextContent {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** Octets of text in one encoded word, so that the word stays below 76 characters. */
    private static final int WORD_OCTETS = 42;

    private TextContent() {}

    static byte[] write(Message message, Instant now, String messageId) {
        boolean ascii = isPlain(message.text().body());
        var head = new StringBuilder(512);
        head.append("Date: ").append(DATE.format(now)).append("\r\n");
        if (!message.from().isNull()) {
            head.append("From: ").append(message.from().address()).append("\r\n");
        }
        head.append("To: ").append(addresses(message.recipients())).append("\r\n");
        head.append("Subject: ").append(encoded(message.text().subject())).append("\r\n");
        head.append("Message-ID: <").append(messageId).append(">\r\n");
        head.append("MIME-Version: 1.0\r\n");
        head.append("Content-Type: text/plain; charset=utf-8\r\n");
        head.append("Content-Transfer-Encoding: ").append(ascii ? "7bit" : "base64");
        head.append("\r\n\r\n");
        String body = withCrlf(message.text().body());
        head.append(ascii ? body : base64(body));
        return head.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Any line end becomes CRLF; the last line gets one. */
    private static String withCrlf(String body) {
        String lines = body.replace("\r\n", "\n").replace('\r', '\n');
        String whole = lines.isEmpty() || lines.endsWith("\n") ? lines : lines + "\n";
        return whole.replace("\n", "\r\n");
    }

    private static String base64(String body) {
        return Base64.getMimeEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8))
                + "\r\n";
    }

    private static String addresses(List<Recipient> recipients) {
        var text = new StringBuilder();
        for (Recipient recipient : recipients) {
            text.append(text.isEmpty() ? "" : ",\r\n ").append(recipient.mailbox().address());
        }
        return text.toString();
    }

    /** Encoded words where the subject is not short ASCII. */
    private static String encoded(String subject) {
        if (isPlain(subject) && subject.length() < 900) {
            return subject;
        }
        var text = new StringBuilder();
        int from = 0;
        while (from < subject.length()) {
            int to = from;
            int octets = 0;
            while (to < subject.length()) {
                int point = subject.codePointAt(to);
                int size = Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
                if (octets + size > WORD_OCTETS) {
                    break;
                }
                octets += size;
                to += Character.charCount(point);
            }
            byte[] word = subject.substring(from, to).getBytes(StandardCharsets.UTF_8);
            text.append(text.isEmpty() ? "" : "\r\n ").append("=?utf-8?B?");
            text.append(Base64.getEncoder().encodeToString(word)).append("?=");
            from = to;
        }
        return text.toString();
    }

    /** ASCII without control characters but line ends and tabs, lines no longer than 998. */
    private static boolean isPlain(String text) {
        int line = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line = c == '\n' ? 0 : line + 1;
            boolean printable = c >= 32 && c < 127;
            if ((!printable && c != '\n' && c != '\r' && c != '\t') || line > 998) {
                return false;
            }
        }
        return true;
    }
}

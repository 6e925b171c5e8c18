package org.posthouse.daemon;

import org.posthouse.core.MailDate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** The content of a message to try something with: text, and files attached to it. */
final class TestMessage {
    /** All files together. */
    static final long OCTETS_MAX = 64L << 20;

    private static final int LINE_CHARACTERS_MAX = 990;

    private final List<String> fields = new ArrayList<>();
    private final String boundary;
    private String body = "";
    private final List<Path> attached = new ArrayList<>();

    /**
     * Begins one.
     *
     * @param id unique, of letters and digits
     */
    TestMessage(String id, String host, Instant now) {
        boundary = "=_" + id;
        fields.add("Date: " + MailDate.format(now));
        fields.add("Message-ID: <" + id + "@" + host + ">");
    }

    /** Adds a field, or puts it in the place of those of its name. */
    TestMessage field(String name, String value) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':')) {
            throw new IllegalArgumentException("'" + name + "' is no name of a header field");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the value of " + name + " is not one line");
        }
        String start = name.toLowerCase(Locale.ROOT) + ":";
        fields.removeIf(each -> each.toLowerCase(Locale.ROOT).startsWith(start));
        fields.add(name + ": " + (isAscii(value) ? value : encoded(value)));
        return this;
    }

    TestMessage body(String text) {
        body = text;
        return this;
    }

    TestMessage attach(Path file) {
        attached.add(file);
        return this;
    }

    /** All of it, lines ending in CRLF. */
    byte[] octets() throws IOException {
        var text = new StringBuilder();
        fields.forEach(each -> text.append(each).append("\r\n"));
        text.append("MIME-Version: 1.0\r\n");
        if (attached.isEmpty()) {
            text(text);
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        text.append("Content-Type: multipart/mixed; boundary=\"").append(boundary);
        text.append("\"\r\n\r\n--").append(boundary).append("\r\n");
        text(text);
        long octets = 0;
        for (Path file : attached) {
            octets += Files.size(file);
            if (octets > OCTETS_MAX) {
                throw new IOException("the attached files have more than 64 MiB");
            }
            text.append("\r\n--").append(boundary).append("\r\n");
            attachment(text, file);
        }
        return text.append("\r\n--")
                .append(boundary)
                .append("--\r\n")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private void text(StringBuilder to) {
        boolean isPlain =
                isAscii(body)
                        && body.lines().allMatch(line -> line.length() <= LINE_CHARACTERS_MAX);
        to.append("Content-Type: text/plain; charset=utf-8\r\n");
        if (isPlain) {
            to.append("\r\n");
            body.lines().forEach(line -> to.append(line).append("\r\n"));
        } else {
            to.append("Content-Transfer-Encoding: base64\r\n\r\n");
            base64(to, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void attachment(StringBuilder to, Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).replaceAll("[^ -~]|[\"\\\\]", "_");
        to.append("Content-Type: application/octet-stream\r\n");
        to.append("Content-Disposition: attachment; filename=\"").append(name).append("\"\r\n");
        to.append("Content-Transfer-Encoding: base64\r\n\r\n");
        base64(to, Files.readAllBytes(file));
    }

    private static void base64(StringBuilder to, byte[] octets) {
        to.append(Base64.getMimeEncoder().encodeToString(octets)).append("\r\n");
    }

    /** RFC 2047; a character is never cut. */
    private static String encoded(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        text.codePoints()
                .forEach(
                        c -> {
                            if (word.length() > 12) {
                                words.add(word(word.toString()));
                                word.setLength(0);
                            }
                            word.appendCodePoint(c);
                        });
        words.add(word(word.toString()));
        return String.join("\r\n ", words);
    }

    private static String word(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return "=?utf-8?B?" + Base64.getEncoder().encodeToString(octets) + "?=";
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}

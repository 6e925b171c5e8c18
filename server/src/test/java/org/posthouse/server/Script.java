package org.posthouse.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A transcript file: a dialogue with one client, and what it leaves behind. The lines of {@link
 * org.posthouse.sim.Transcript}, and those that a server's test needs besides.
 *
 * <pre>
 * # listener: tls=offer auth=optional size=1000     settings of the listener, anywhere in the file
 * C: text            the client sends the text and CRLF
 * C&gt; text            it sends the text alone; \r \n \0 \\ \xNN \&#123;COUNT*TEXT&#125; are escapes
 * S: pattern         the next line of the server; * stands for anything
 * TLS                the client shakes hands
 * wait 5m            time passes (s, m)
 * DRIP 30s 20 text   the client sends the text 20 times, each after 30 s, until it can't any more
 * C: &lt;close&gt;         the client closes
 * S: &lt;close&gt;         the server has closed, nothing more was said
 * STORED 2           so many messages were accepted
 * CONTENT text       the last accepted content, with escapes
 * PREFIX pattern     what was put before it, with escapes
 * TO a@b c@d         the recipients of the last accepted message
 * </pre>
 */
record Script(Map<String, String> settings, List<Step> steps) {
    record Step(int line, String word, String text) {}

    static Script read(Path file) {
        try {
            return parse(Files.readAllLines(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Script parse(List<String> lines) {
        var settings = new HashMap<String, String>();
        var steps = new ArrayList<Step>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.startsWith("# listener:")) {
                for (String setting : line.substring(11).strip().split(" +")) {
                    int equals = setting.indexOf('=');
                    settings.put(setting.substring(0, equals), setting.substring(equals + 1));
                }
            } else if (!line.isBlank() && !line.startsWith("#")) {
                int space = line.indexOf(' ');
                String word = space < 0 ? line : line.substring(0, space);
                String text = space < 0 ? "" : line.substring(space + 1);
                steps.add(new Step(number, word, text));
            }
        }
        return new Script(Map.copyOf(settings), List.copyOf(steps));
    }

    /** The octets of a text with escapes. */
    static byte[] unescape(String text) {
        var out = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\') {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char escape = text.charAt(at++);
            switch (escape) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case '0' -> out.write(0);
                case '\\' -> out.write('\\');
                case 'x' -> {
                    out.write(Integer.parseInt(text.substring(at, at + 2), 16));
                    at += 2;
                }
                case '{' -> {
                    int end = text.indexOf('}', at);
                    int star = text.indexOf('*', at);
                    byte[] unit = unescape(text.substring(star + 1, end));
                    int count = Integer.parseInt(text.substring(at, star));
                    for (int i = 0; i < count; i++) {
                        out.writeBytes(unit);
                    }
                    at = end + 1;
                }
                default -> throw new IllegalArgumentException("no escape: \\" + escape);
            }
        }
        return out.toByteArray();
    }

    /** True when the text is the pattern, in which * stands for anything. */
    static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        if (!text.startsWith(pattern.substring(0, star))) {
            return false;
        }
        String rest = pattern.substring(star + 1);
        for (int i = star; i <= text.length(); i++) {
            if (matches(rest, text.substring(i))) {
                return true;
            }
        }
        return false;
    }
}

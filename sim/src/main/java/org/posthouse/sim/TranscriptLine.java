package org.posthouse.sim;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One line of a transcript. */
sealed interface TranscriptLine {
    /** Its number in the file, from 1. */
    int number();

    /** A line of text that one side sends. */
    record Text(int number, boolean byClient, String text) implements TranscriptLine {
        /** True when a received line is what this one says. */
        boolean matches(String received) {
            return text.endsWith("*")
                    ? received.startsWith(text.substring(0, text.length() - 1))
                    : received.equals(text);
        }
    }

    /** Octets that one side sends, exactly these. */
    record Raw(int number, boolean byClient, byte[] octets) implements TranscriptLine {}

    /** One side closes. */
    record Close(int number, boolean byClient) implements TranscriptLine {}

    /** One side sends nothing for a while. */
    record Silence(int number, boolean byClient, Duration duration) implements TranscriptLine {}

    /** Time passes. */
    record Wait(int number, Duration duration) implements TranscriptLine {}

    /** Both sides shake hands. */
    record Tls(int number) implements TranscriptLine {}

    /** Reads a line; {@code line} is neither blank nor a comment. */
    static TranscriptLine parse(int number, String line) {
        if (line.strip().equals("TLS")) {
            return new Tls(number);
        }
        if (line.startsWith("wait ")) {
            return new Wait(number, duration(line.substring(5).strip()));
        }
        if (line.length() < 2 || (line.charAt(0) != 'C' && line.charAt(0) != 'S')) {
            throw new IllegalArgumentException("not a line of a transcript: " + line);
        }
        boolean byClient = line.charAt(0) == 'C';
        String rest = line.startsWith(" ", 2) ? line.substring(3) : line.substring(2);
        return switch (line.charAt(1)) {
            case ':' -> text(number, byClient, rest);
            case '>' -> new Raw(number, byClient, unescape(rest));
            default -> throw new IllegalArgumentException("C: or C> expected: " + line);
        };
    }

    private static TranscriptLine text(int number, boolean byClient, String text) {
        if (text.equals("<close>")) {
            return new Close(number, byClient);
        }
        if (text.startsWith("<silence ") && text.endsWith(">")) {
            String duration = text.substring(9, text.length() - 1);
            return new Silence(number, byClient, duration(duration));
        }
        return new Text(number, byClient, text);
    }

    /** {@code 30s}, {@code 5m}, {@code 2h}, {@code 4d}, {@code 250ms}. */
    private static Duration duration(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw new IllegalArgumentException("not a duration: " + text);
        };
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c != '\\') {
                octets.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i == text.length()) {
                throw new IllegalArgumentException("a lone backslash ends the line");
            }
            char kind = text.charAt(i++);
            switch (kind) {
                case 'r' -> octets.write('\r');
                case 'n' -> octets.write('\n');
                case 't' -> octets.write('\t');
                case '0' -> octets.write(0);
                case '\\' -> octets.write('\\');
                case 'x' -> {
                    octets.write(Integer.parseInt(text.substring(i, i + 2), 16));
                    i += 2;
                }
                default -> throw new IllegalArgumentException("unknown escape \\" + kind);
            }
        }
        return octets.toByteArray();
    }
}

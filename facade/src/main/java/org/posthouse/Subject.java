package org.posthouse;

import org.posthouse.core.Content;
import org.posthouse.core.HeaderFields;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The subject of a message, for people: encoded words are decoded (RFC 2047). */
final class Subject {
    private static final int SECTION_OCTETS_MAX = 64 * 1024;
    private static final int FIELD_OCTETS_MAX = 1000;
    private static final int HEX = 16;
    private static final Pattern WORD =
            Pattern.compile("=\\?([^?*\\s]{1,40})(?:\\*[^?\\s]*)?\\?([bBqQ])\\?([^?\\s]*)\\?=");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("(\\?=)\\s+(=\\?)");

    private Subject() {}

    /** Of a content; empty where it has none in its first 64 KiB. */
    static String of(Content content) {
        byte[] section = new byte[(int) Math.min(content.octets(), SECTION_OCTETS_MAX)];
        int filled = 0;
        while (filled < section.length) {
            int read = content.read(filled, section, filled, section.length - filled);
            if (read < 0) {
                break;
            }
            filled += read;
        }
        return HeaderFields.first(Arrays.copyOf(section, filled), "Subject", FIELD_OCTETS_MAX)
                .map(Subject::decoded)
                .orElse("");
    }

    /** The text that a field's value says. */
    static String decoded(String value) {
        Matcher word = WORD.matcher(BETWEEN_WORDS.matcher(value.strip()).replaceAll("$1$2"));
        String text =
                word.replaceAll(found -> Matcher.quoteReplacement(decoded(found.group(), found)));
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private static String decoded(String asItIs, java.util.regex.MatchResult word) {
        try {
            byte[] octets =
                    word.group(2).equalsIgnoreCase("b")
                            ? Base64.getDecoder().decode(word.group(3))
                            : quoted(word.group(3));
            return new String(octets, Charset.forName(word.group(1)));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return asItIs;
        } catch (IllegalArgumentException e) { // not base 64, not hexadecimal
            return asItIs;
        }
    }

    private static byte[] quoted(String text) {
        byte[] octets = text.replace('_', ' ').getBytes(StandardCharsets.ISO_8859_1);
        int count = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '=' && i + 2 < octets.length) {
                String digits = new String(octets, i + 1, 2, StandardCharsets.ISO_8859_1);
                octets[count++] = (byte) Integer.parseInt(digits, HEX);
                i += 2;
            } else {
                octets[count++] = octets[i];
            }
        }
        return Arrays.copyOf(octets, count);
    }
}

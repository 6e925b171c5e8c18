package org.posthouse;

import org.posthouse.core.Content;
import org.posthouse.core.EncodedWords;
import org.posthouse.core.HeaderFields;

import java.util.Arrays;

/** The subject of a message, for people: encoded words are decoded (RFC 2047). */
final class Subject {
    private static final int SECTION_OCTETS_MAX = 64 * 1024;
    private static final int FIELD_OCTETS_MAX = 1000;

    /** What moves a terminal, ends a line, or turns the direction of the text. */
    private static final String UNSEEN = "[\\p{Cc}\\p{Zl}\\p{Zp}\\u202a-\\u202e\\u2066-\\u2069]+";

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
        return EncodedWords.decode(value.strip()).replaceAll(UNSEEN, " ");
    }
}

package org.posthouse;

import java.util.Locale;

/** Fingerprints of certificates: SHA-256 in lower case hex. */
final class Fingerprints {
    private static final int CHARS = 64;

    private Fingerprints() {}

    /** As people write it: with or without colons, in any case. */
    static String parse(String text) {
        String plain = text.replace(":", "").toLowerCase(Locale.ROOT);
        boolean isHex = plain.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
        if (plain.length() != CHARS || !isHex) {
            throw new IllegalArgumentException("not a SHA-256 fingerprint: " + text);
        }
        return plain;
    }
}

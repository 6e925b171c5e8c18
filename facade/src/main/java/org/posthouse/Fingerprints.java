package org.posthouse;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/** Fingerprints of certificates: SHA-256 in lower case hex. */
final class Fingerprints {
    private static final int CHARS = 64;

    private Fingerprints() {}

    static String of(X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate can't be hashed", e);
        }
    }

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

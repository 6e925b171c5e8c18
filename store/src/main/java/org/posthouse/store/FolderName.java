package org.posthouse.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The name of a folder for a part of an address: lower case, every octet outside {@code
 * a-z0-9_+-.}, and every dot in front, as {@code %XX}. So no address can name a folder outside the
 * one it belongs to, and different parts have different folders.
 */
final class FolderName {
    /** File systems end at 255; a longer name is cut and ends in a digest of the whole. */
    static final int OCTETS_MAX = 240;

    private static final int DIGEST_OCTETS = 16;
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private FolderName() {}

    static String of(String part) {
        byte[] octets = part.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        var name = new StringBuilder(octets.length + 8);
        boolean inFront = true;
        for (byte octet : octets) {
            inFront &= octet == '.';
            if (isPlain(octet) && !inFront) {
                name.append((char) octet);
            } else {
                name.append('%').append(HEX[octet >> 4 & 15]).append(HEX[octet & 15]);
            }
        }
        return name.length() <= OCTETS_MAX ? name.toString() : shortened(name, octets);
    }

    /** The part of a local part that names its folder: what stands before a plus sign. */
    static String account(String localPart) {
        int plus = localPart.indexOf('+');
        return plus > 0 ? localPart.substring(0, plus) : localPart;
    }

    private static boolean isPlain(byte octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= '0' && octet <= '9')
                || octet == '_'
                || octet == '+'
                || octet == '-'
                || octet == '.';
    }

    /** The tilde can't come from an address: it would have been escaped. */
    private static String shortened(StringBuilder name, byte[] octets) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
            String tail = "~" + HexFormat.of().formatHex(digest, 0, DIGEST_OCTETS);
            return name.substring(0, OCTETS_MAX - tail.length()) + tail;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

package org.posthouse.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Values of ENVID, ORCPT and AUTH parameters: xtext (RFC 3461 section 4), and the encodings of
 * internationalized addresses (RFC 6533 section 3).
 *
 * @since 0.1
 */
public final class Xtext {
    private static final String HEX = "0123456789ABCDEF";

    private Xtext() {}

    /** The text, as UTF-8, in xtext. */
    public static String encode(String text) {
        var encoded = new StringBuilder(text.length() + 8);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (isXchar(octet)) {
                encoded.append((char) octet);
            } else {
                encoded.append('+').append(HEX.charAt(octet >> 4 & 15));
                encoded.append(HEX.charAt(octet & 15));
            }
        }
        return encoded.toString();
    }

    /** The text behind an xtext, whose octets are taken as UTF-8; empty when it is no xtext. */
    public static Optional<String> decode(String xtext) {
        byte[] octets = xtext.getBytes(StandardCharsets.UTF_8);
        if (!isXtext(octets, 0, octets.length)) {
            return Optional.empty();
        }
        var decoded = new ByteArrayOutputStream(octets.length);
        for (int at = 0; at < octets.length; at++) {
            if (octets[at] == '+') {
                int high = Octets.hexDigit(octets[++at]);
                decoded.write(high << 4 | Octets.hexDigit(octets[++at]));
            } else {
                decoded.write(octets[at]);
            }
        }
        return Optional.of(decoded.toString(StandardCharsets.UTF_8));
    }

    /**
     * True for xtext, which may be empty. What it encodes has no control characters (RFC 3461
     * sections 4.2 and 4.4).
     */
    static boolean isXtext(byte[] octets, int from, int to) {
        int at = from;
        while (at < to) {
            if (octets[at] == '+') {
                if (to - at < 3 || !isEncodedText(octets[at + 1], octets[at + 2])) {
                    return false;
                }
                at += 3;
            } else if (isXchar(octets[at])) {
                at++;
            } else {
                return false;
            }
        }
        return true;
    }

    /**
     * True for utf-8-addr-xtext, and with {@code raw} also for utf-8-addr-unitext, where octets of
     * UTF-8 stand for themselves.
     */
    static boolean isUtf8Address(byte[] octets, int from, int to, boolean raw) {
        int at = from;
        while (at < to) {
            int octet = octets[at];
            if (octet == '\\') {
                int next = behindEscape(octets, at, to);
                if (next < 0) {
                    return false;
                }
                at = next;
            } else if (octet < 0 ? raw : isXchar(octets[at])) {
                at++;
            } else {
                return false;
            }
        }
        return !raw || Octets.text(octets, from, to).indexOf('\uFFFD') < 0;
    }

    /** Where the escape {@code \x{HEX}} ends; -1 when it is none that RFC 6533 allows. */
    private static int behindEscape(byte[] octets, int from, int to) {
        int at = from + 3;
        if (at >= to || octets[from + 1] != 'x' || octets[from + 2] != '{') {
            return -1;
        }
        int codePoint = 0;
        while (at < to && at - from < 9 && Octets.hexDigit(octets[at]) >= 0) {
            codePoint = codePoint << 4 | Octets.hexDigit(octets[at++]);
        }
        boolean special =
                codePoint == ' ' || codePoint == '+' || codePoint == '=' || codePoint == '\\';
        boolean unicode =
                codePoint > 159
                        && codePoint <= Character.MAX_CODE_POINT
                        && (codePoint < Character.MIN_SURROGATE
                                || codePoint > Character.MAX_SURROGATE);
        return (special || unicode) && at < to && octets[at] == '}' ? at + 1 : -1;
    }

    private static boolean isXchar(byte octet) {
        return octet > 32 && octet < 127 && octet != '+' && octet != '=';
    }

    private static boolean isEncodedText(byte first, byte second) {
        int high = HEX.indexOf(first); // upper case alone
        int low = HEX.indexOf(second);
        return high >= 2 && low >= 0 && !(high == 7 && low == 15);
    }
}

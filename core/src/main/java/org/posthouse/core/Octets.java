package org.posthouse.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Classes of octets, and searches that the hot path needs. */
final class Octets {
    static final byte[] CRLF = {'\r', '\n'};

    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long BELOW_SO = ONES * 14;
    private static final boolean[] ATEXT = atext();

    private Octets() {}

    /** The first CR or LF; {@code to} when there is none. */
    static int indexOfLineEnd(byte[] octets, int from, int to) {
        int at = from;
        while (at < to) {
            // Eight at a time while none is below 14: CR is 13, LF is 10, other controls are rare.
            while (to - at >= Long.BYTES) {
                long word = (long) WORDS.get(octets, at);
                long below = (word - BELOW_SO) & ~word & HIGHS;
                if (below != 0) {
                    at += Long.numberOfTrailingZeros(below) >>> 3;
                    break;
                }
                at += Long.BYTES;
            }
            if (at == to || octets[at] == '\r' || octets[at] == '\n') {
                return at;
            }
            at++;
        }
        return to;
    }

    /** The first position that holds the octet; {@code to} when there is none. */
    static int indexOf(byte[] octets, int from, int to, char wanted) {
        int at = from;
        while (at < to && octets[at] != wanted) {
            at++;
        }
        return at;
    }

    /** Atext (RFC 5322 section 3.2.3), or an octet of UTF-8 (RFC 6531 section 3.3). */
    static boolean isAtext(byte octet) {
        return octet < 0 || ATEXT[octet];
    }

    static boolean isAtext(char c) {
        return c > 127 || ATEXT[c];
    }

    static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetterOrDigit(int c) {
        return isLetter(c) || isDigit(c);
    }

    /** The value of a hexadecimal digit; -1 for anything else. */
    static int hexDigit(int c) {
        if (isDigit(c)) {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static int upper(int c) {
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    }

    static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    /** C0, DEL, and the C1 controls of Unicode. */
    static boolean isControl(int c) {
        return c < 32 || (c >= 127 && c < 160);
    }

    /** True when the octets are the word, given in upper case, in any case. */
    static boolean isWord(byte[] octets, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (upper(octets[i]) != word.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    /** ASCII letters in lower case, all else as it is; the same object when nothing changes. */
    static String lowerAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                var lower = new StringBuilder(text.length()).append(text, 0, i);
                for (int j = i; j < text.length(); j++) {
                    lower.append((char) lower(text.charAt(j)));
                }
                return lower.toString();
            }
        }
        return text;
    }

    /** The text of octets; what is not UTF-8 becomes U+FFFD. */
    static String text(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            if (octets[i] < 0) {
                return new String(octets, from, to - from, StandardCharsets.UTF_8);
            }
        }
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** The number of octets of a text in UTF-8; an unpaired surrogate counts as its "?". */
    static int length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return length;
    }

    private static boolean[] atext() {
        var table = new boolean[128];
        for (int c = 0; c < 128; c++) {
            table[c] = isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
        }
        return table;
    }
}

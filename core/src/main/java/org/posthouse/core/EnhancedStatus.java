package org.posthouse.core;

/**
 * An enhanced mail system status code such as 5.7.1 (RFC 3463); {@link #NONE} where a reply has
 * none (greeting, 354, the lines of EHLO).
 *
 * @param kind 2 success, 4 persistent transient failure, 5 permanent failure; 0 for none
 * @param subject 0 to 999
 * @param detail 0 to 999
 * @since 0.1
 */
public record EnhancedStatus(int kind, int subject, int detail) {
    /** No status. */
    public static final EnhancedStatus NONE = new EnhancedStatus(0, 0, 0);

    /** Checks the ranges. */
    public EnhancedStatus {
        boolean none = kind == 0 && subject == 0 && detail == 0;
        boolean known = kind == 2 || kind == 4 || kind == 5;
        if (!none && (!known || outOfRange(subject) || outOfRange(detail))) {
            throw new IllegalArgumentException(
                    "not an enhanced status: " + kind + "." + subject + "." + detail);
        }
    }

    /**
     * Reads {@code 5.7.1}.
     *
     * @throws IllegalArgumentException when the text is not a status code
     */
    public static EnhancedStatus of(String text) {
        EnhancedStatus found = prefixOf(text + " ");
        if (found.isNone() || !found.toString().equals(text)) {
            throw new IllegalArgumentException("not an enhanced status: " + text);
        }
        return found;
    }

    /**
     * The status at the start of a reply's text, up to its first space; {@link #NONE} where there
     * is none.
     */
    public static EnhancedStatus prefixOf(String text) {
        int space = text.indexOf(' ');
        int end = space < 0 ? text.length() : space;
        int dot = text.indexOf('.');
        int second = text.indexOf('.', dot + 1);
        if (dot != 1 || second < 0 || second >= end) {
            return NONE;
        }
        int kind = digits(text, 0, 1);
        int subject = digits(text, 2, second);
        int detail = digits(text, second + 1, end);
        boolean valid = (kind == 2 || kind == 4 || kind == 5) && subject >= 0 && detail >= 0;
        return valid ? new EnhancedStatus(kind, subject, detail) : NONE;
    }

    /** True for {@link #NONE}. */
    public boolean isNone() {
        return kind == 0;
    }

    private static boolean outOfRange(int number) {
        return number < 0 || number > 999;
    }

    private static int digits(String text, int from, int to) {
        if (to <= from || to - from > 3) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    @Override
    public String toString() {
        return isNone() ? "" : kind + "." + subject + "." + detail;
    }
}

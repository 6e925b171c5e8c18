package org.posthouse.core;

/**
 * The name of an accepted message: unique in its spool, ordered by acceptance. As text it has 13
 * characters of Crockford's base 32, as replies, logs and commands show it.
 *
 * @param value a positive number
 * @since 0.1
 */
public record SpoolId(long value) implements Comparable<SpoolId> {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 13;

    /** Checks the number. */
    public SpoolId {
        if (value <= 0) {
            throw new IllegalArgumentException("not a spool id: " + value);
        }
    }

    /**
     * Reads the text form, in either case.
     *
     * @throws IllegalArgumentException when the text is not a spool id
     */
    public static SpoolId parse(String text) {
        if (text.length() != LENGTH) {
            throw new IllegalArgumentException("not a spool id: " + text);
        }
        long value = 0;
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            int digit = DIGITS.indexOf(c >= 'a' && c <= 'z' ? c - 32 : c);
            if (digit < 0 || (i == 0 && digit > 7)) {
                throw new IllegalArgumentException("not a spool id: " + text);
            }
            value = value << 5 | digit;
        }
        return new SpoolId(value);
    }

    @Override
    public int compareTo(SpoolId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        var text = new char[LENGTH];
        long rest = value;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (rest & 31));
            rest >>>= 5;
        }
        return new String(text);
    }
}

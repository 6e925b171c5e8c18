package org.posthouse.core;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The patterns by which replies are told apart. A text is searched from left to right, part by
 * part, without going back, so that the time is the text's length times the number of parts.
 *
 * @since 0.1
 */
public final class ReplyPattern {
    /** Characters of a text's pattern. */
    public static final int TEXT_CHARS_MAX = 200;

    /** Its parts between the stars. */
    public static final int TEXT_PARTS_MAX = 8;

    private static final int CODE_DIGITS = 3;
    private static final int NUMBER_DIGITS_MAX = 3;
    private static final int ANY = -1;

    private ReplyPattern() {}

    /**
     * A reply code such as {@code 45x}, compared with one as text.
     *
     * @throws IllegalArgumentException when the pattern is of another form
     */
    public static Predicate<String> code(String pattern) {
        boolean fits =
                pattern.length() == CODE_DIGITS
                        && (pattern.charAt(0) == '4' || pattern.charAt(0) == '5')
                        && pattern.chars().skip(1).allMatch(c -> c == 'x' || isDigit(c));
        if (!fits) {
            throw new IllegalArgumentException("not a code such as 421, 45x or 5xx: " + pattern);
        }
        return code -> {
            for (int i = 0; i < CODE_DIGITS; i++) {
                if (pattern.charAt(i) != 'x' && pattern.charAt(i) != code.charAt(i)) {
                    return false;
                }
            }
            return true;
        };
    }

    /**
     * An enhanced status such as {@code *.7.1}, or {@code none}.
     *
     * @throws IllegalArgumentException when the pattern is of another form
     */
    public static Predicate<EnhancedStatus> status(String pattern) {
        if (pattern.equals("none")) {
            return EnhancedStatus::isNone;
        }
        String[] parts = pattern.split("\\.", -1);
        if (parts.length != 3) {
            throw noStatus(pattern);
        }
        int kind = number(pattern, parts[0]);
        int subject = number(pattern, parts[1]);
        int detail = number(pattern, parts[2]);
        if (kind != ANY && kind != 4 && kind != 5) {
            throw noStatus(pattern);
        }
        return status ->
                !status.isNone()
                        && fits(kind, status.kind())
                        && fits(subject, status.subject())
                        && fits(detail, status.detail());
    }

    private static boolean fits(int pattern, int number) {
        return pattern == ANY || pattern == number;
    }

    private static int number(String pattern, String part) {
        if (part.equals("*")) {
            return ANY;
        }
        boolean fits =
                !part.isEmpty()
                        && part.length() <= NUMBER_DIGITS_MAX
                        && part.chars().allMatch(ReplyPattern::isDigit);
        if (!fits) {
            throw noStatus(pattern);
        }
        return Integer.parseInt(part);
    }

    private static IllegalArgumentException noStatus(String pattern) {
        return new IllegalArgumentException(
                "not a status such as 4.7.28, *.7.* or none: " + pattern);
    }

    /**
     * A text, found anywhere in one that is in lower case.
     *
     * @throws IllegalArgumentException when the pattern is empty or too long
     */
    public static Predicate<String> text(String pattern) {
        List<String> parts =
                List.of(pattern.toLowerCase(Locale.ROOT).split("\\*")).stream()
                        .filter(part -> !part.isEmpty())
                        .toList();
        if (pattern.length() > TEXT_CHARS_MAX || parts.size() > TEXT_PARTS_MAX) {
            throw new IllegalArgumentException(
                    "a text of more than "
                            + TEXT_CHARS_MAX
                            + " characters or "
                            + TEXT_PARTS_MAX
                            + " parts");
        }
        if (parts.stream().allMatch(String::isBlank)) {
            throw new IllegalArgumentException("an empty text");
        }
        return text -> {
            int from = 0;
            for (String part : parts) {
                int found = text.indexOf(part, from);
                if (found < 0) {
                    return false;
                }
                from = found + part.length();
            }
            return true;
        };
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}

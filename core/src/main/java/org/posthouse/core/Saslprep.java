package org.posthouse.core;

import java.text.Normalizer;
import java.util.Optional;

/**
 * SASLprep (RFC 4013): names and passwords in one form, so that the same word from another keyboard
 * is the same. Characters are judged by the Unicode of the JDK, not by that of 2002.
 *
 * @since 0.1
 */
public final class Saslprep {
    private static final int SOFT_HYPHEN = 0xAD;

    private Saslprep() {}

    /** The prepared text; empty when it holds what it must not. */
    public static Optional<String> prepare(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 127)) {
            return Optional.of(text);
        }
        var mapped = new StringBuilder(text.length());
        text.codePoints()
                .filter(c -> !isNothing(c))
                .map(Saslprep::mapped)
                .forEach(c -> mapped.appendCodePoint(c));
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        boolean isAllowed = normal.codePoints().noneMatch(Saslprep::isProhibited);
        return isAllowed && isOneDirection(normal) ? Optional.of(normal) : Optional.empty();
    }

    /** Commonly mapped to nothing (RFC 3454 table B.1). */
    private static boolean isNothing(int c) {
        return c == SOFT_HYPHEN
                || c == 0x34F
                || c == 0x1806
                || (c >= 0x180B && c <= 0x180D)
                || (c >= 0x200B && c <= 0x200D)
                || c == 0x2060
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFEFF;
    }

    /** Any space is a space (table C.1.2). */
    private static int mapped(int c) {
        return Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c;
    }

    private static boolean isProhibited(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> (c >= 0xFFF9 && c <= 0xFFFD) || (c >= 0x2FF0 && c <= 0x2FFB);
        };
    }

    /** Text of right-to-left scripts begins and ends so, and mixes with no other (RFC 3454 6). */
    private static boolean isOneDirection(String text) {
        if (text.codePoints().noneMatch(Saslprep::isRightToLeft)) {
            return true;
        }
        boolean isMixed =
                text.codePoints()
                        .anyMatch(
                                c ->
                                        Character.getDirectionality(c)
                                                == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
        return !isMixed
                && isRightToLeft(text.codePointAt(0))
                && isRightToLeft(text.codePointBefore(text.length()));
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    /** A saslname (RFC 5801 section 4): with its {@code =2C} and {@code =3D} undone. */
    public static Optional<String> name(String text) {
        String plain = text.replace("=2C", ",").replace("=3D", "\0");
        if (plain.isEmpty() || plain.indexOf('=') >= 0) {
            return Optional.empty();
        }
        return prepare(plain.replace('\0', '='));
    }
}

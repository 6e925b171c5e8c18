package org.posthouse.core;

import java.util.Locale;

/**
 * A text to compare with, whatever the case; {@code *} stands for any characters.
 *
 * @param pattern empty: it is like everything
 * @since 0.1
 */
public record Glob(String pattern) {
    /** Keeps the pattern in lower case. */
    public Glob {
        pattern = pattern.toLowerCase(Locale.ROOT);
    }

    /** True when it is like this; in linear steps back. */
    public boolean matches(String given) {
        if (pattern.isEmpty()) {
            return true;
        }
        String text = given.toLowerCase(Locale.ROOT);
        int at = 0;
        int in = 0;
        int star = -1;
        int mark = 0;
        while (in < text.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                mark = in;
            } else if (at < pattern.length() && pattern.charAt(at) == text.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++mark;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}

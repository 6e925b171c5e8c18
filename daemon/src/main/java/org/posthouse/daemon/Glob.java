package org.posthouse.daemon;

import java.util.Locale;

/** A text to compare with, whatever the case; {@code *} stands for any characters. */
record Glob(String pattern) {
    /** Keeps the pattern in lower case. */
    Glob {
        pattern = pattern.toLowerCase(Locale.ROOT);
    }

    /** True when it is like this; an empty pattern is like everything. In linear steps back. */
    boolean matches(String given) {
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

package org.posthouse.policy;

/** Comparisons that know the case of ASCII letters and of no others, as SMTP does. */
final class Ascii {
    private Ascii() {}

    static boolean equalsIgnoreCase(String one, String other) {
        if (one.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < one.length(); i++) {
            if (lower(one.charAt(i)) != lower(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
}

package org.posthouse.core;

/**
 * Reads the parameters behind a path, {@code SP keyword [= value]} each (RFC 5321 section 4.1.2),
 * one a call. Only the form is checked here.
 */
final class ParameterReader {
    private final byte[] octets;
    private final int end;
    private int at;
    private int keywordFrom;
    private int keywordTo;
    private int valueTo;
    private boolean malformed;

    ParameterReader(byte[] octets, int from, int to) {
        this.octets = octets;
        this.at = from;
        this.end = to;
    }

    /** Moves to the next parameter; false at the end, and at what is none: see malformed. */
    boolean next() {
        int start = at;
        while (at < end && octets[at] == ' ') {
            at++;
        }
        if (at == end) {
            return false;
        }
        keywordFrom = at;
        while (at < end && isKeywordOctet(octets[at])) {
            at++;
        }
        keywordTo = at;
        valueTo = at;
        malformed = keywordFrom == start || keywordTo == keywordFrom || octets[keywordFrom] == '-';
        if (at < end && octets[at] == '=') {
            at++;
            while (at < end && octets[at] != ' ' && octets[at] != '=') {
                at++;
            }
            valueTo = at;
            malformed |= valueTo == valueFrom();
        }
        malformed |= at < end && octets[at] != ' ';
        return !malformed;
    }

    boolean malformed() {
        return malformed;
    }

    boolean is(String keyword) {
        return Octets.isWord(octets, keywordFrom, keywordTo, keyword);
    }

    boolean hasValue() {
        return valueTo > keywordTo;
    }

    int valueFrom() {
        return keywordTo + 1;
    }

    int valueTo() {
        return valueTo;
    }

    int valueOctets() {
        return valueTo - valueFrom();
    }

    boolean valueIs(String word) {
        return hasValue() && Octets.isWord(octets, valueFrom(), valueTo, word);
    }

    /** True when there is a value that is xtext of at most so many octets. */
    boolean valueIsXtext(int octetsMax) {
        return hasValue()
                && valueOctets() <= octetsMax
                && Xtext.isXtext(octets, valueFrom(), valueTo);
    }

    String value() {
        return Octets.text(octets, valueFrom(), valueTo);
    }

    private static boolean isKeywordOctet(byte octet) {
        return octet == '-' || Octets.isLetterOrDigit(octet);
    }
}

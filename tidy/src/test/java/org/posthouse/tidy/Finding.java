package org.posthouse.tidy;

/**
 * What a rule found.
 *
 * @param rule its name, as in {@code exceptions.txt}
 * @param place a type, a {@code type#method} or a file
 * @param detail what is wrong there
 */
record Finding(String rule, String place, String detail) {
    @Override
    public String toString() {
        return rule + " " + place + ": " + detail;
    }
}

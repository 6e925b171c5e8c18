package org.posthouse.spool;

/**
 * Names of files that are told apart by a number of eight digits.
 *
 * @param prefix what stands before the number
 */
record NumberedName(String prefix) {
    private static final int DIGITS = 8;

    String of(int number) {
        String digits = Integer.toString(number);
        return prefix + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }

    /** The number in a name, -1 for a name of another kind. */
    int numberOf(String name) {
        if (!name.startsWith(prefix) || name.length() != prefix.length() + DIGITS) {
            return -1;
        }
        int number = 0;
        for (int i = prefix.length(); i < name.length(); i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}

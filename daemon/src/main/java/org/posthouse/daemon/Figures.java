package org.posthouse.daemon;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Figures {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private Figures() {}

    /** {@code 12 034}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    /** {@code 1 message}, {@code 12 034 messages}. */
    static String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }

    /** {@code 12s}, {@code 21m}, {@code 2h 14m}, {@code 3d 4h}; nothing is below zero. */
    static String time(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 60) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        return hours < 24
                ? hours + "h " + minutes % 60 + "m"
                : hours / 24 + "d " + hours % 24 + "h";
    }

    /** {@code 512 octets}, {@code 67.1 MB}. */
    static String octets(long octets) {
        if (octets < 1000) {
            return count(octets, "octet", "octets");
        }
        double value = octets;
        int unit = -1;
        while (value >= 999.95 && unit + 1 < UNITS.length) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}

package org.posthouse.daemon.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Numbers with units. */
public final class Quantity {
    private static final int DIGITS_MAX = 15;
    private static final Map<String, Duration> TIMES =
            Map.of(
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "d", Duration.ofDays(1));
    private static final Map<String, Long> SIZES =
            Map.of(
                    "", 1L,
                    "kB", 1_000L,
                    "MB", 1_000_000L,
                    "GB", 1_000_000_000L,
                    "KiB", 1L << 10,
                    "MiB", 1L << 20,
                    "GiB", 1L << 30);

    private Quantity() {}

    /** An integer and {@code ms s m h d}. */
    public static Optional<Duration> duration(String text) {
        int digits = digits(text);
        Duration unit = TIMES.get(text.substring(digits));
        if (digits == 0 || digits > DIGITS_MAX || unit == null) {
            return Optional.empty();
        }
        try {
            Duration value = unit.multipliedBy(Long.parseLong(text.substring(0, digits)));
            return value.compareTo(Duration.ofDays(365_000)) > 0
                    ? Optional.empty()
                    : Optional.of(value);
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** An integer, alone or with {@code kB MB GB KiB MiB GiB}. */
    public static Optional<Long> size(String text) {
        int digits = digits(text);
        Long unit = SIZES.get(text.substring(digits));
        if (digits == 0 || digits > DIGITS_MAX || unit == null) {
            return Optional.empty();
        }
        try {
            long value = Math.multiplyExact(Long.parseLong(text.substring(0, digits)), unit);
            return value > 0 ? Optional.of(value) : Optional.empty();
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** 0 to 65535. */
    static Optional<Integer> port(String text) {
        int digits = digits(text);
        if (digits == 0 || digits > 5 || digits < text.length()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text);
        return port <= 65_535 ? Optional.of(port) : Optional.empty();
    }

    private static int digits(String text) {
        int count = 0;
        while (count < text.length() && text.charAt(count) >= '0' && text.charAt(count) <= '9') {
            count++;
        }
        return count;
    }
}

package org.posthouse.daemon.config;

import org.posthouse.policy.RelayLimit;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Limits as texts: {@code N/second}, {@code minute}, {@code hour} or {@code day}; {@code N in 10m}.
 */
final class RelayLimits {
    private static final Map<String, Duration> UNITS =
            Map.of(
                    "second", Duration.ofSeconds(1),
                    "minute", Duration.ofMinutes(1),
                    "hour", Duration.ofHours(1),
                    "day", Duration.ofDays(1));

    private RelayLimits() {}

    static Optional<RelayLimit> parse(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            Optional<Duration> unit = Optional.ofNullable(UNITS.get(text.substring(slash + 1)));
            return limit(text.substring(0, slash), unit);
        }
        String[] parts = text.split(" in ", -1);
        return parts.length == 2 ? limit(parts[0], Quantity.duration(parts[1])) : Optional.empty();
    }

    private static Optional<RelayLimit> limit(String count, Optional<Duration> period) {
        if (!count.matches("[1-9][0-9]{0,8}")) {
            return Optional.empty();
        }
        return period.filter(Duration::isPositive)
                .filter(length -> length.compareTo(Duration.ofDays(366)) <= 0)
                .map(length -> new RelayLimit(Integer.parseInt(count), length));
    }
}

package org.posthouse.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How many recipients a relay rule grants in any period of a length, whoever asks for them.
 *
 * @param recipients how many; 0: no limit
 * @param period the length, above zero
 * @since 0.1
 */
public record RelayLimit(int recipients, Duration period) {
    /** No limit. */
    public static final RelayLimit NONE = new RelayLimit(0, Duration.ofHours(1));

    private static final Map<Duration, String> UNITS =
            Map.of(
                    Duration.ofSeconds(1), "second",
                    Duration.ofMinutes(1), "minute",
                    Duration.ofHours(1), "hour",
                    Duration.ofDays(1), "day");

    /** Checks the numbers. */
    public RelayLimit {
        Objects.requireNonNull(period);
        if (recipients < 0 || !period.isPositive() || period.compareTo(Duration.ofDays(366)) > 0) {
            throw new IllegalArgumentException(
                    "not a limit: " + recipients + " in " + period + "; at most 366 days");
        }
    }

    /** True when it does not limit. */
    public boolean isNone() {
        return recipients == 0;
    }

    /** As the configuration has it: {@code 20000/hour}, {@code 50 in 10m}. */
    @Override
    public String toString() {
        String unit = UNITS.get(period);
        if (unit != null) {
            return recipients + "/" + unit;
        }
        long seconds = period.toSeconds();
        String length =
                seconds % 86_400 == 0
                        ? seconds / 86_400 + "d"
                        : seconds % 3600 == 0
                                ? seconds / 3600 + "h"
                                : seconds % 60 == 0 ? seconds / 60 + "m" : period.toMillis() + "ms";
        return recipients + " in " + length;
    }
}

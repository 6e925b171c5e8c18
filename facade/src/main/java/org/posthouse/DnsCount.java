package org.posthouse;

import java.time.Duration;
import java.util.Objects;

/**
 * Look-ups in the domain name system that ended alike.
 *
 * @param type what was asked for: {@code mx}, {@code a}, {@code aaaa}, {@code txt}, {@code tlsa},
 *     {@code cname}, {@code ptr}, or {@code system} for the machine's own way to addresses
 * @param result {@code found}, {@code no-data}, {@code no-domain}, {@code failed}
 * @param count how many, those that were answered from memory too
 * @param time how long they took together
 * @since 0.1
 */
public record DnsCount(String type, String result, long count, Duration time) {
    /** Checks that nothing is missing. */
    public DnsCount {
        Objects.requireNonNull(type);
        Objects.requireNonNull(result);
        Objects.requireNonNull(time);
    }
}

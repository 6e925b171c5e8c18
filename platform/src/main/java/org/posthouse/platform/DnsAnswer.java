package org.posthouse.platform;

import java.time.Duration;
import java.util.List;

/**
 * What came back.
 *
 * @since 0.1
 */
public sealed interface DnsAnswer<T> {
    /**
     * Records of the type asked for.
     *
     * @param records at least one
     * @param timeToLive how long they may be kept
     * @param authentic true when DNSSEC vouches for them
     */
    record Found<T>(List<T> records, Duration timeToLive, boolean authentic)
            implements DnsAnswer<T> {
        /** Copies the records. */
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("an answer without records is NoData");
            }
        }
    }

    /** The name exists, without records of this type. */
    record NoData<T>() implements DnsAnswer<T> {}

    /** The name does not exist (NXDOMAIN). */
    record NoDomain<T>() implements DnsAnswer<T> {}

    /** No answer for now: time-out, SERVFAIL, bogus DNSSEC. */
    record TemporaryFailure<T>(String reason) implements DnsAnswer<T> {}
}

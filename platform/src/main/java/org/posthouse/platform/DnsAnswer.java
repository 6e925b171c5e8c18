package org.posthouse.platform;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

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
     * @param authentic true when DNSSEC vouches for them, and for each alias on the way
     * @param alias the name that they stand at, where aliases (CNAME) led to it; empty: the name
     *     that was asked for
     */
    record Found<T>(List<T> records, Duration timeToLive, boolean authentic, String alias)
            implements DnsAnswer<T> {
        /** Of the very name that was asked for. */
        public Found(List<T> records, Duration timeToLive, boolean authentic) {
            this(records, timeToLive, authentic, "");
        }

        /** Copies the records. */
        public Found {
            Objects.requireNonNull(alias);
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

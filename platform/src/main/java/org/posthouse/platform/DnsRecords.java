package org.posthouse.platform;

import org.xbill.DNS.Record;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What the servers said, before it is turned into an answer's type.
 *
 * @param records of the type asked for, at the end of the chain of aliases
 * @param kind what the answer is
 * @param timeToLive seconds to keep it
 * @param authentic vouched for by DNSSEC
 * @param reason of a failure, else empty
 */
record DnsRecords(
        List<Record> records, Kind kind, long timeToLive, boolean authentic, String reason) {
    static final DnsRecords NO_DOMAIN = new DnsRecords(List.of(), Kind.NO_DOMAIN, 0, false, "");

    enum Kind {
        FOUND,
        NO_DATA,
        NO_DOMAIN,
        FAILURE
    }

    static DnsRecords failure(String reason) {
        return new DnsRecords(List.of(), Kind.FAILURE, 0, false, reason);
    }

    DnsRecords withTimeToLive(long seconds) {
        return new DnsRecords(records, kind, seconds, authentic, reason);
    }

    <R extends Record, T> DnsAnswer<T> answer(Class<R> type, Function<R, T> mapping) {
        return switch (kind) {
            case FOUND ->
                    new DnsAnswer.Found<>(
                            records.stream().map(type::cast).map(mapping).toList(),
                            Duration.ofSeconds(timeToLive),
                            authentic);
            case NO_DATA -> new DnsAnswer.NoData<>();
            case NO_DOMAIN -> new DnsAnswer.NoDomain<>();
            case FAILURE -> new DnsAnswer.TemporaryFailure<>(reason);
        };
    }
}

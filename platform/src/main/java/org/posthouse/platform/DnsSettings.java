package org.posthouse.platform;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Which name servers are asked, and how much of their answers is kept.
 *
 * @param servers asked in turn; none: those that the system names
 * @param timeout for one question, all tries together
 * @param cacheEntriesMax answers kept; 0 keeps none
 * @param dnssec whose word on DNSSEC counts
 * @since 0.1
 */
public record DnsSettings(
        List<InetSocketAddress> servers, Duration timeout, int cacheEntriesMax, Dnssec dnssec) {
    /** Time for one question unless set otherwise. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Answers kept unless set otherwise. */
    public static final int CACHE_ENTRIES_MAX = 50_000;

    /**
     * Who may say that DNSSEC vouches for an answer (the AD flag, RFC 4035 section 3.2.3). We check
     * no signatures ourselves: the server does, and the flag can be forged on the way from it.
     */
    public enum Dnssec {
        /** Nobody: nothing counts as authentic. */
        OFF,
        /** Servers on loopback addresses. */
        LOOPBACK,
        /** Every server: the way to each is safe. */
        TRUST
    }

    /** Of these, those on loopback count. */
    public DnsSettings(List<InetSocketAddress> servers, Duration timeout, int cacheEntriesMax) {
        this(servers, timeout, cacheEntriesMax, Dnssec.LOOPBACK);
    }

    /** Checks and copies. */
    public DnsSettings {
        Objects.requireNonNull(dnssec);
        servers = List.copyOf(servers);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the time-out must be positive: " + timeout);
        }
        if (cacheEntriesMax < 0) {
            throw new IllegalArgumentException("negative cache size: " + cacheEntriesMax);
        }
        for (InetSocketAddress server : servers) {
            if (server.isUnresolved()) {
                throw new IllegalArgumentException("not an address: " + server);
            }
        }
    }

    /** The system's servers. */
    public static DnsSettings system() {
        return servers(List.of());
    }

    /** These servers. */
    public static DnsSettings servers(List<InetSocketAddress> servers) {
        return new DnsSettings(servers, TIMEOUT, CACHE_ENTRIES_MAX);
    }
}

package org.posthouse.relay;

import java.util.List;

/**
 * What is published about how safely a host can be reached.
 *
 * @param tlsaBases names whose TLSA records count
 * @param domain that the host was found for; empty: it was given to us
 * @param sts what the domain's policy says about the host
 */
record Published(TlsaBases tlsaBases, String domain, Sts sts) {
    static final Published NOTHING = new Published(Bases.NONE, "", Sts.NONE);

    /** Names whose TLSA records count. */
    sealed interface TlsaBases {}

    /**
     * These, in this order (RFC 7672 section 2.2.3).
     *
     * @param names none: DNSSEC does not vouch for the way to the host
     */
    record Bases(List<String> names) implements TlsaBases {
        static final Bases NONE = new Bases(List.of());

        public Bases {
            names = List.copyOf(names);
        }

        static Bases of(String... names) {
            return new Bases(List.of(names));
        }
    }

    /** They can't be told from none for now (RFC 7672 section 2.1). */
    record NoBases(String why) implements TlsaBases {}

    /** About a host that was given to us. */
    static Published of(TlsaBases tlsaBases) {
        return new Published(tlsaBases, "", Sts.NONE);
    }

    Published with(Sts other) {
        return new Published(tlsaBases, domain, other);
    }

    /** DNSSEC vouches for the host's name, and for its addresses. */
    boolean isSigned() {
        return tlsaBases instanceof Bases bases && !bases.names().isEmpty();
    }

    /** What a policy of MTA-STS (RFC 8461) says about a host. */
    enum Sts {
        /** There is no policy. */
        NONE,
        /** The host has to prove its name. */
        LISTED,
        /** The policy does not name the host: nothing is sent to it. */
        UNLISTED,
        /** Like LISTED, but what is wrong is only told. */
        LISTED_FOR_TEST,
        /** Like UNLISTED, but it is only told. */
        UNLISTED_FOR_TEST
    }
}

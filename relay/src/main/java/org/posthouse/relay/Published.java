package org.posthouse.relay;

import java.util.List;

/**
 * What is published about how safely a host can be reached.
 *
 * @param tlsaBases names whose TLSA records count, in this order (RFC 7672 section 2.2.3); none:
 *     DNSSEC does not vouch for the way to the host
 * @param domain that the host was found for; empty: it was given to us
 * @param sts what the domain's policy says about the host
 */
record Published(List<String> tlsaBases, String domain, Sts sts) {
    static final Published NOTHING = new Published(List.of(), "", Sts.NONE);

    Published {
        tlsaBases = List.copyOf(tlsaBases);
    }

    /** About a host that was given to us. */
    static Published of(List<String> tlsaBases) {
        return new Published(tlsaBases, "", Sts.NONE);
    }

    Published with(Sts other) {
        return new Published(tlsaBases, domain, other);
    }

    /** DNSSEC vouches for the host's name, and for its addresses. */
    boolean isSigned() {
        return !tlsaBases.isEmpty();
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

package org.posthouse.core;

/**
 * How safe a conversation with a next hop is, least first.
 *
 * @since 0.1
 */
public enum TlsLevel {
    /** Clear text. */
    NONE,
    /** Encrypted, with whoever is there (RFC 7435). */
    OPPORTUNISTIC,
    /** Encrypted, with a certificate for the host's name from an authority that is trusted. */
    VERIFIED,
    /** The same, with a host that the domain's policy names (RFC 8461). */
    MTA_STS,
    /** Encrypted, with a certificate that the domain has published by DNSSEC (RFC 7672). */
    DANE
}

package org.posthouse.core;

/**
 * The mechanisms of SASL that we know as a client.
 *
 * @since 0.1
 */
public enum SaslMechanism {
    /** The strongest one that is offered; CRAM-MD5 has to be asked for. */
    AUTO,
    /** RFC 4616. */
    PLAIN,
    /** Never standardised. */
    LOGIN,
    /** RFC 2195. */
    CRAM_MD5,
    /** RFC 7677; the host proves that it knows the password, too. */
    SCRAM_SHA_256,
    /** The same, bound to the TLS connection. */
    SCRAM_SHA_256_PLUS,
    /** Of Google and Microsoft. */
    XOAUTH2,
    /** RFC 7628. */
    OAUTHBEARER;

    /** True where it takes an access token, not a password. */
    public boolean isForTokens() {
        return this == XOAUTH2 || this == OAUTHBEARER;
    }

    /** As hosts announce it. */
    public String word() {
        return name().replace('_', '-');
    }
}

package org.posthouse.server;

/**
 * A way to log in (RFC 4422), in the order of preference.
 *
 * @since 0.1
 */
public enum Mechanism {
    /** SCRAM-SHA-256 (RFC 7677) bound to the TLS session by the server's certificate (RFC 5929). */
    SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS"),
    /** SCRAM-SHA-256 (RFC 7677): the password never crosses the wire. */
    SCRAM_SHA_256("SCRAM-SHA-256"),
    /** OAUTHBEARER (RFC 7628): a token of OAuth 2.0. */
    OAUTHBEARER("OAUTHBEARER"),
    /** XOAUTH2, the forerunner of OAUTHBEARER; many clients have only this. */
    XOAUTH2("XOAUTH2"),
    /** PLAIN (RFC 4616). */
    PLAIN("PLAIN"),
    /** LOGIN, which has no RFC and many clients. */
    LOGIN("LOGIN"),
    /** CRAM-MD5 (RFC 2195): needs passwords that are kept in clear text; only where asked for. */
    CRAM_MD5("CRAM-MD5");

    private final String word;

    Mechanism(String word) {
        this.word = word;
    }

    /** The name on the wire. */
    public String word() {
        return word;
    }

    /** True when a token of OAuth 2.0 proves who it is; false for a password. */
    public boolean isOfTokens() {
        return this == OAUTHBEARER || this == XOAUTH2;
    }
}

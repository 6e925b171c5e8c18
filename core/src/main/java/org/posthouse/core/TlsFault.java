package org.posthouse.core;

import java.util.Locale;

/**
 * What was wrong with TLS, as reports on it name it (RFC 8460 section 4.3).
 *
 * @since 0.1
 */
public enum TlsFault {
    /** The host does not offer STARTTLS. */
    STARTTLS_NOT_SUPPORTED,
    /** The certificate is for other names, or the policy does not name the host. */
    CERTIFICATE_HOST_MISMATCH,
    /** The certificate's time is over, or has not come. */
    CERTIFICATE_EXPIRED,
    /** The certificate is not from an authority that is trusted. */
    CERTIFICATE_NOT_TRUSTED,
    /** Anything else, such as a handshake that failed. */
    VALIDATION_FAILURE,
    /** The certificate is none of those that TLSA records name. */
    TLSA_INVALID,
    /** The TLSA records could not be looked up, or their signatures are wrong. */
    DNSSEC_INVALID,
    /** DANE is required here, and there are no records for it. */
    DANE_REQUIRED,
    /** The policy could not be fetched. */
    STS_POLICY_FETCH_ERROR,
    /** What was fetched is not a policy. */
    STS_POLICY_INVALID,
    /** The policy's own host has no valid certificate. */
    STS_WEBPKI_INVALID;

    /** In the words of the RFC, such as {@code starttls-not-supported}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

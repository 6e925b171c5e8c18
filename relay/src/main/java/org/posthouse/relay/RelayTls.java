package org.posthouse.relay;

import org.posthouse.policy.OwnCertificate;

import javax.net.ssl.SSLContext;

/**
 * What TLS towards next hops trusts, and what is shown there. Any thread may ask.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RelayTls {
    /**
     * The context of a handshake; no two certificates share one, so that no session of the one is
     * resumed by the other.
     *
     * @param shown to hosts that ask for a certificate
     * @param verifies for modes that check certificates; false: takes any
     * @throws RuntimeException when the certificate can't be had: the host is not talked to then
     */
    SSLContext context(OwnCertificate shown, boolean verifies);
}

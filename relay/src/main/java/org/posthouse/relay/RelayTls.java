package org.posthouse.relay;

import java.util.Objects;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/**
 * What TLS towards next hops trusts.
 *
 * @param verifying for modes that check certificates
 * @param anything for modes that take any certificate
 * @since 0.1
 */
public record RelayTls(Supplier<SSLContext> verifying, Supplier<SSLContext> anything) {
    /** Checks that nothing is missing. */
    public RelayTls {
        Objects.requireNonNull(verifying);
        Objects.requireNonNull(anything);
    }
}

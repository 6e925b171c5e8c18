package org.posthouse.policy;

import java.nio.file.Path;

/**
 * The certificate that a route shows to next hops which ask for one in the handshake of TLS: where
 * it is kept, not what it says. Both files are PEM (RFC 7468).
 *
 * @param chain the certificate first, then those that lead to its authority; empty for none
 * @param key its private key, not encrypted; empty for none
 * @since 0.1
 */
public record OwnCertificate(Path chain, Path key) {
    /** Nothing is shown. */
    public static final OwnCertificate NONE = new OwnCertificate(Path.of(""), Path.of(""));

    /** Checks that there are both or neither. */
    public OwnCertificate {
        if (chain.toString().isEmpty() != key.toString().isEmpty()) {
            throw new IllegalArgumentException("a certificate and its key go together");
        }
    }

    /** True for {@link #NONE}. */
    public boolean isNone() {
        return chain.toString().isEmpty();
    }
}

package org.posthouse.platform;

import java.util.Objects;

import javax.net.ssl.SSLContext;

/**
 * Which side of TLS to play, and how.
 *
 * @since 0.1
 */
public sealed interface TlsSettings {
    /**
     * The server's side, TLS 1.2 and 1.3.
     *
     * @param context holds certificate and key
     * @param askForClientCertificate wanted, not needed
     */
    record Server(SSLContext context, boolean askForClientCertificate) implements TlsSettings {
        /** Checks that nothing is missing. */
        public Server {
            Objects.requireNonNull(context);
        }
    }

    /**
     * The client's side, TLS 1.2 and 1.3.
     *
     * @param context holds what is trusted
     * @param host the name for SNI and, with {@code verifyHost}, for the certificate
     * @param verifyHost check that the certificate is for the host; the context checks its chain in
     *     any case, so that encryption with anybody needs {@link TlsContexts#trustAll}
     */
    record Client(SSLContext context, String host, boolean verifyHost) implements TlsSettings {
        /** Checks that nothing is missing. */
        public Client {
            Objects.requireNonNull(context);
            Objects.requireNonNull(host);
        }
    }
}

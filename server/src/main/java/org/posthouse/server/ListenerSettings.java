package org.posthouse.server;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/**
 * One listener.
 *
 * @param name for logs and rules
 * @param bind address and port; port 0 takes a free one
 * @param hostname our name in greeting and Received fields
 * @param tls how TLS is offered
 * @param tlsContext certificate and key, asked for at each handshake; present unless tls is OFF
 * @param auth whether logins are offered or needed
 * @param limits bounds and deadlines
 * @param greeting text behind the host name in the greeting
 * @param goodbye text of the reply to QUIT
 * @param receivedField add a Received field (RFC 5321 section 4.4)
 * @param bareLineEnds what becomes of a CR or LF that stands alone in content
 * @since 0.1
 */
public record ListenerSettings(
        String name,
        InetSocketAddress bind,
        String hostname,
        Tls tls,
        Optional<Supplier<SSLContext>> tlsContext,
        Auth auth,
        ServerLimits limits,
        String greeting,
        String goodbye,
        boolean receivedField,
        BareLineEnds bareLineEnds) {
    /** Checks that nothing is missing. */
    public ListenerSettings {
        Objects.requireNonNull(name);
        Objects.requireNonNull(bind);
        Objects.requireNonNull(hostname);
        Objects.requireNonNull(limits);
        Objects.requireNonNull(bareLineEnds);
        if (tls != Tls.OFF && tlsContext.isEmpty()) {
            throw new IllegalArgumentException("listener " + name + " needs a certificate");
        }
    }

    /** With bare CRs and LFs normalised, as by default. */
    public ListenerSettings(
            String name,
            InetSocketAddress bind,
            String hostname,
            Tls tls,
            Optional<Supplier<SSLContext>> tlsContext,
            Auth auth,
            ServerLimits limits,
            String greeting,
            String goodbye,
            boolean receivedField) {
        this(
                name,
                bind,
                hostname,
                tls,
                tlsContext,
                auth,
                limits,
                greeting,
                goodbye,
                receivedField,
                BareLineEnds.NORMALISE);
    }

    /** What becomes of a CR or LF that stands alone in content. */
    public enum BareLineEnds {
        /** It becomes CRLF before it is stored. */
        NORMALISE,
        /** The message is refused ({@code 550 5.6.11}). */
        REFUSE
    }

    /** TLS on a listener. */
    public enum Tls {
        /** Not offered. */
        OFF,
        /** STARTTLS is offered. */
        OFFER,
        /** Nothing but STARTTLS until the session is secured ({@code 530 5.7.0}). */
        REQUIRE,
        /** TLS from the first octet. */
        IMPLICIT
    }

    /** Logins on a listener; never offered on clear text. */
    public enum Auth {
        /** Not offered. */
        OFF,
        /** Offered. */
        OPTIONAL,
        /** No transaction without a login ({@code 530 5.7.0}). */
        REQUIRED
    }
}

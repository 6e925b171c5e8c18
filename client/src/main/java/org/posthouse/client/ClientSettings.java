package org.posthouse.client;

import org.posthouse.platform.TlsSettings;

import java.util.Objects;
import java.util.Set;

/**
 * How to talk to a host.
 *
 * @param protocol what is spoken
 * @param heloName what we call ourselves
 * @param useTls whether TLS is used
 * @param tls how TLS is made, where it is
 * @param provesTheHost a secured conversation is with the host that was meant (RFC 8689 section
 *     4.2.1): its certificate was checked, and its name is not from an answer of the DNS that
 *     anybody could have forged
 * @param login how to log in; {@link Login#NONE} for not at all
 * @param streaming whether content may leave before the host accepted a recipient
 * @param traits what earlier conversations with the host taught
 * @param timeouts of each step
 * @since 0.1
 */
public record ClientSettings(
        Protocol protocol,
        String heloName,
        UseTls useTls,
        TlsSettings.Client tls,
        boolean provesTheHost,
        Login login,
        Streaming streaming,
        Set<HostTrait> traits,
        ClientTimeouts timeouts) {
    /** Checks that nothing is missing, and copies the set. */
    public ClientSettings {
        Objects.requireNonNull(protocol);
        Objects.requireNonNull(heloName);
        Objects.requireNonNull(useTls);
        Objects.requireNonNull(tls);
        Objects.requireNonNull(login);
        Objects.requireNonNull(streaming);
        Objects.requireNonNull(timeouts);
        traits = Set.copyOf(traits);
    }

    boolean knows(HostTrait trait) {
        return traits.contains(trait);
    }

    @Override
    public String toString() {
        return "ClientSettings["
                + protocol
                + ", "
                + heloName
                + ", "
                + useTls
                + ", "
                + streaming
                + "]";
    }

    /** What is spoken. */
    public enum Protocol {
        /** RFC 5321: one reply to the content. */
        SMTP,
        /** RFC 2033: LHLO, and behind the content one reply for each recipient that was taken. */
        LMTP,
        /**
         * The same over a Unix-domain socket: nothing leaves the machine, so that REQUIRETLS asks
         * for nothing.
         */
        LMTP_HERE;

        boolean isLmtp() {
            return this != SMTP;
        }
    }

    /** Whether TLS is used. */
    public enum UseTls {
        /** Never. Credentials, where there are any, go in clear text. */
        OFF,
        /** Where the host offers STARTTLS. A failed handshake ends the conversation. */
        WHERE_OFFERED,
        /** STARTTLS is needed. */
        REQUIRED,
        /** From the first octet. */
        IMPLICIT
    }

    /**
     * Whether a BDAT chunk may leave together with its envelope. A host that runs the octets of a
     * refused chunk as commands would let a message's author inject commands, so that a host must
     * be known.
     */
    public enum Streaming {
        /** Never. */
        OFF,
        /** Once this host has taken a message well, in this conversation or a remembered one. */
        LEARNED,
        /** From the first message on. */
        TRUSTED
    }
}

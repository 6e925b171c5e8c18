package org.posthouse.server;

import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.TlsFacts;
import org.posthouse.policy.IpAddress;
import org.posthouse.server.ListenerSettings.Protocol;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What hooks and operators see of a live session. All getters show the present state.
 *
 * @since 0.1
 */
public interface SessionView {
    /** A number unique in this server. */
    long number();

    /** Name of the listener. */
    String listener();

    /** What is spoken. */
    default Protocol protocol() {
        return Protocol.SMTP;
    }

    /** The client's address. */
    InetSocketAddress client();

    /** The client's address as the rules see it. */
    IpAddress clientAddress();

    /**
     * What the client called itself, in printable ASCII: question marks stand for spaces and other
     * characters. Empty before HELO, EHLO or LHLO.
     */
    String heloName();

    /** The authenticated identity; empty for none. */
    String login();

    /** True when the client has logged in. */
    default boolean authenticated() {
        return !login().isEmpty();
    }

    /** The address of MAIL, as long as its transaction is open; empty otherwise. */
    Optional<ReversePath> reversePath();

    /** The parameters of MAIL, as long as its transaction is open; empty otherwise. */
    Optional<MailOptions> mailOptions();

    /** The recipients of the open transaction so far, aliases followed. */
    List<Mailbox> recipients();

    /** The facts of TLS; empty on clear text. */
    Optional<TlsFacts> tls();

    /** When the client connected. */
    Instant connectedAt();

    /** The state in a word: connected, identified, transacting, receiving, closing. */
    String state();

    /** Ends the session at its next step. */
    void disconnect();
}

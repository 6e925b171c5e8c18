package org.posthouse;

import org.posthouse.core.MailOptions;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.TlsFacts;
import org.posthouse.server.SessionView;

/**
 * The shapes of hooks, one a stage. A hook may block. One that throws, or takes longer than {@link
 * PosthouseBuilder#hookTimeout}, costs its command a {@code 451 4.3.0}, nothing else; what it says
 * later is not heard. A hook of any stage may also end the session by {@link
 * SessionView#disconnect}.
 *
 * <table>
 * <caption>Stages</caption>
 * <tr><th>hook</th><th>asked</th><th>a refusal</th><th>own positive reply</th></tr>
 * <tr><td>onConnect</td><td>before the greeting</td><td>replaces it; only QUIT is left</td>
 * <td>220</td></tr>
 * <tr><td>onSecured</td><td>after the TLS handshake</td><td>is said, and the session ends</td>
 * <td>none</td></tr>
 * <tr><td>onHello</td><td>HELO, EHLO</td><td>answers it</td><td>none</td></tr>
 * <tr><td>onLogin</td><td>AUTH, when the login is right</td><td>answers it</td><td>235</td></tr>
 * <tr><td>onMail</td><td>MAIL</td><td>answers it</td><td>250</td></tr>
 * <tr><td>onRecipient</td><td>RCPT, when the rules allow it</td><td>answers it</td><td>250</td></tr>
 * <tr><td>onHeaders</td><td>the header section is complete, nothing is stored</td>
 * <td>answers the content</td><td>none</td></tr>
 * <tr><td>onReceived</td><td>the content is complete, the message not accepted</td>
 * <td>answers the content</td><td>250</td></tr>
 * <tr><td>onReset</td><td>RSET, when the transaction is gone</td><td>answers it</td><td>250</td>
 * </tr>
 * <tr><td>onVerify, onExpand, onUnknownCommand</td><td>VRFY, EXPN, any other verb</td>
 * <td>answers it</td><td>2yz</td></tr>
 * </table>
 *
 * @since 0.1
 */
public final class Hooks {
    private Hooks() {}

    /** A client connected. */
    @FunctionalInterface
    public interface OnConnect {
        /** Decides. */
        Answer connect(SessionView session);
    }

    /** TLS is on. */
    @FunctionalInterface
    public interface OnSecured {
        /** Decides; {@link SessionView#tls} has version, cipher and the client's certificate. */
        Answer secured(SessionView session);
    }

    /** A login that is right. */
    @FunctionalInterface
    public interface OnLogin {
        /** Decides; the session has no login yet. */
        Answer login(SessionView session, String identity);
    }

    /** RSET. */
    @FunctionalInterface
    public interface OnReset {
        /** Decides. */
        Answer reset(SessionView session);
    }

    /** The header section is complete, and nothing of the content stored. */
    @FunctionalInterface
    public interface OnHeaders {
        /** Changes the header section, or refuses the message; doing nothing leaves it as it is. */
        void headers(HeaderEdit message);
    }

    /** HELO or EHLO. */
    @FunctionalInterface
    public interface OnHello {
        /** Decides. */
        Answer hello(SessionView session, String name);
    }

    /** MAIL. */
    @FunctionalInterface
    public interface OnMail {
        /**
         * Decides.
         *
         * @param options the parameters of MAIL: size, body, RET, ENVID and so on
         */
        Answer mail(SessionView session, ReversePath path, MailOptions options);
    }

    /** RCPT, after the rules have allowed the recipient. */
    @FunctionalInterface
    public interface OnRecipient {
        /**
         * Decides; {@link SessionView#reversePath} and {@link SessionView#recipients} tell of the
         * transaction so far.
         *
         * @param recipient the address as RCPT gave it, with NOTIFY and ORCPT
         */
        Answer recipient(SessionView session, Recipient recipient);
    }

    /** The content is complete, and the message not yet accepted. */
    @FunctionalInterface
    public interface OnReceived {
        /** Decides by the message's methods; doing nothing leaves what the rules decided. */
        void received(ReceivedMessage message);
    }

    /** VRFY and EXPN. */
    @FunctionalInterface
    public interface OnQuery {
        /** The reply, of one line or several. */
        Reply query(SessionView session, String argument);
    }

    /** TLS with a next hop is on, with whatever certificate the TLS mode of its route takes. */
    @FunctionalInterface
    public interface OnRelayCertificate {
        /**
         * Decides. Blocks that delivery alone; one that throws refuses.
         *
         * @param nexthop the name of the host
         * @param facts version, cipher and the host's certificates, its own first
         * @return false: the host gets nothing, not even in clear text; the mail goes to the next
         *     host, or waits
         */
        boolean accepts(String nexthop, TlsFacts facts);
    }

    /** A verb that we do not know. */
    @FunctionalInterface
    public interface OnUnknown {
        /** The reply. */
        Reply unknown(SessionView session, String verb, String argument);
    }
}

package org.posthouse;

import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.server.SessionView;

/**
 * The shapes of hooks, one a stage. Hooks run on the thread of their session and may block; one
 * that throws costs its command a {@code 451 4.3.0}, nothing else.
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

    /** HELO or EHLO. */
    @FunctionalInterface
    public interface OnHello {
        /** Decides. */
        Answer hello(SessionView session, String name);
    }

    /** MAIL. */
    @FunctionalInterface
    public interface OnMail {
        /** Decides. */
        Answer mail(SessionView session, ReversePath path);
    }

    /** RCPT, after the rules have allowed the recipient. */
    @FunctionalInterface
    public interface OnRecipient {
        /** Decides. */
        Answer recipient(SessionView session, Mailbox recipient);
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

    /** A verb that we do not know. */
    @FunctionalInterface
    public interface OnUnknown {
        /** The reply. */
        Reply unknown(SessionView session, String verb, String argument);
    }
}

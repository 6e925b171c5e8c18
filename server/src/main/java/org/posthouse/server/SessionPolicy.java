package org.posthouse.server;

import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;

import java.util.List;

/**
 * What a session consults, stage by stage. May block. One that throws costs its session a {@code
 * 451 4.3.0}, nothing else. The defaults let everything pass but recipients and logins, which are
 * refused.
 *
 * @since 0.1
 */
public interface SessionPolicy {
    /**
     * The domain that the bare {@code <postmaster>} of RCPT stands for (RFC 5321 section 4.1.1.3);
     * asked once a listener.
     *
     * @param hostname the listener's
     */
    default String postmasterDomain(String hostname) {
        return hostname;
    }

    /** A client connected; nothing was said yet. */
    default StageVerdict connect(SessionView session) {
        return StageVerdict.PROCEED;
    }

    /** HELO or EHLO. */
    default StageVerdict hello(SessionView session, String name) {
        return StageVerdict.PROCEED;
    }

    /** MAIL. */
    default StageVerdict mail(SessionView session, ReversePath path, MailOptions options) {
        return StageVerdict.PROCEED;
    }

    /** RCPT: the one place that says what becomes of a recipient. */
    RecipientVerdict recipient(SessionView session, ReversePath path, Recipient recipient);

    /** The content is complete and not yet accepted: the last word. */
    default ContentVerdict content(SessionView session, Submission submission) {
        return new ContentVerdict.Accept(submission.dispositions(), List.of());
    }

    /** VRFY. */
    default Reply verify(SessionView session, String name) {
        return Reply.of(252, "2.5.0", "cannot VRFY user, but will accept message");
    }

    /** EXPN. */
    default Reply expand(SessionView session, String list) {
        return Reply.of(502, "5.5.1", "EXPN is not available");
    }

    /** A verb that we do not know; the default says so. */
    default Reply unknown(SessionView session, String verb, String argument) {
        return Reply.of(500, "5.5.1", "command not recognised");
    }

    /**
     * Checks a login.
     *
     * @return the identity, empty when the login is wrong
     */
    default String authenticate(
            SessionView session, String mechanism, String login, String password) {
        return "";
    }

    /**
     * The message whose content is complete.
     *
     * @param envelope who gets it
     * @param dispositions what RCPT decided, one a recipient
     * @param headerSection the header section as it arrived, up to the limit of header octets
     * @param octets length of the content
     */
    record Submission(
            Envelope envelope, List<Disposition> dispositions, byte[] headerSection, long octets) {}

    /** Verdict of a stage. */
    sealed interface StageVerdict {
        /** Go on. */
        StageVerdict PROCEED = new Proceed();

        /** Go on. */
        record Proceed() implements StageVerdict {}

        /** The command is answered with this reply (4yz or 5yz); the session goes on. */
        record Refuse(Reply reply, String code) implements StageVerdict {}

        /** The reply, then the end of the connection. */
        record Disconnect(Reply reply, String code) implements StageVerdict {}
    }

    /** Verdict about a recipient. */
    sealed interface RecipientVerdict {
        /** Taken. */
        record Accept(Disposition disposition) implements RecipientVerdict {}

        /** Refused; {@code code} is the PH code, which the session adds to the text. */
        record Refuse(Reply reply, String code) implements RecipientVerdict {}

        /** The reply, then the end of the connection. */
        record Disconnect(Reply reply, String code) implements RecipientVerdict {}
    }

    /** Verdict about a message. */
    sealed interface ContentVerdict {
        /**
         * Accept.
         *
         * @param dispositions one for each recipient, perhaps changed
         * @param addedFields whole header fields without CRLF, put below the Received field
         */
        record Accept(List<Disposition> dispositions, List<String> addedFields)
                implements ContentVerdict {}

        /** Refused; nothing is stored. */
        record Refuse(Reply reply, String code) implements ContentVerdict {}

        /** Told 250 with this text and thrown away: nothing is stored. */
        record Discard(Reply reply) implements ContentVerdict {}
    }
}

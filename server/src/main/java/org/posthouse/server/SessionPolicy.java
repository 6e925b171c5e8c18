package org.posthouse.server;

import org.posthouse.core.Content;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a session consults, stage by stage. May block. One that throws costs its session a {@code
 * 451 4.3.0}, nothing else. The defaults let everything pass but recipients and logins, which are
 * refused.
 *
 * <table>
 * <caption>Stages in their order</caption>
 * <tr><th>stage</th><th>asked</th><th>a refusal is said</th><th>own positive reply</th></tr>
 * <tr><td>connect</td><td>before the greeting</td><td>instead of it; then only QUIT</td><td>220
 * </td></tr>
 * <tr><td>secured</td><td>after the handshake</td><td>unasked, and the session ends</td><td>-</td>
 * </tr>
 * <tr><td>hello</td><td>HELO, EHLO</td><td>to it</td><td>-</td></tr>
 * <tr><td>authenticate, login</td><td>AUTH</td><td>535; to it</td><td>235</td></tr>
 * <tr><td>mail</td><td>MAIL</td><td>to it</td><td>250</td></tr>
 * <tr><td>recipient</td><td>RCPT</td><td>to it</td><td>250</td></tr>
 * <tr><td>data</td><td>DATA, the first BDAT</td><td>to it</td><td>-</td></tr>
 * <tr><td>header</td><td>the header section is complete, nothing of it stored</td><td>at the end of
 * the content</td><td>-</td></tr>
 * <tr><td>content</td><td>the content is complete</td><td>to it</td><td>250</td></tr>
 * <tr><td>reset</td><td>RSET, after the transaction is gone</td><td>to it</td><td>250</td></tr>
 * <tr><td>verify, expand, unknown</td><td>VRFY, EXPN, any other verb</td><td>to it</td><td>2yz</td>
 * </tr>
 * </table>
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

    /** TLS is on: its facts are known. */
    default StageVerdict secured(SessionView session) {
        return StageVerdict.PROCEED;
    }

    /** HELO or EHLO. */
    default StageVerdict hello(SessionView session, String name) {
        return StageVerdict.PROCEED;
    }

    /** The login is right, and not yet told so. */
    default StageVerdict login(SessionView session, String identity) {
        return StageVerdict.PROCEED;
    }

    /** RSET. */
    default StageVerdict reset(SessionView session) {
        return StageVerdict.PROCEED;
    }

    /** MAIL. */
    default StageVerdict mail(SessionView session, ReversePath path, MailOptions options) {
        return StageVerdict.PROCEED;
    }

    /** RCPT: the one place that says what becomes of a recipient. */
    RecipientVerdict recipient(SessionView session, ReversePath path, Recipient recipient);

    /** DATA, or the first BDAT: content is about to come. */
    default StageVerdict data(SessionView session) {
        return StageVerdict.PROCEED;
    }

    /** True when the header section is to be held back until {@link #header} was asked. */
    default boolean seesHeader() {
        return false;
    }

    /**
     * The header section is complete and nothing of the content stored; what is returned is stored
     * in its place.
     */
    default HeaderVerdict header(SessionView session, Heading heading) {
        return HeaderVerdict.KEEP;
    }

    /** The content is complete and not yet accepted: the last word. */
    default ContentVerdict content(SessionView session, Submission submission) {
        return ContentVerdict.Accept.as(submission);
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
     * Checks a token of OAuth 2.0.
     *
     * @param login whom the client wants to be; empty: whom the token names
     * @return the identity, empty when the token is no good or somebody else's
     */
    default String authenticateToken(
            SessionView session, String mechanism, String login, String token) {
        return "";
    }

    /** The mechanisms for which logins can be checked; asked often. */
    default List<Mechanism> mechanisms() {
        return List.of(Mechanism.PLAIN, Mechanism.LOGIN);
    }

    /** What is kept of a login for SCRAM; empty when there is no such login. */
    default Optional<ScramSecret> scramSecret(SessionView session, String login) {
        return Optional.empty();
    }

    /**
     * What the salts of logins that do not exist are made of; the same for all listeners and after
     * a restart, so that they can't be told from those that do. Empty: random ones.
     */
    default byte[] saltSeed() {
        return new byte[0];
    }

    /** The password of a login in clear text, for CRAM-MD5; empty when there is no such login. */
    default Optional<String> password(SessionView session, String login) {
        return Optional.empty();
    }

    /**
     * The message whose content is complete.
     *
     * @param envelope who gets it
     * @param targets the same recipients, and what RCPT decided for each
     * @param headerSection the header section as it arrived, up to the limit of header octets
     * @param octets length of the content
     * @param content the content as it is going to be stored, without the fields that are put
     *     before it; good until the policy has answered. Fails with an {@link
     *     java.io.UncheckedIOException} when it can't be stored
     */
    record Submission(
            Envelope envelope,
            List<RecipientVerdict.Target> targets,
            byte[] headerSection,
            long octets,
            Supplier<Content> content) {
        /** What RCPT decided, one a recipient. */
        public List<Disposition> dispositions() {
            return targets.stream().map(RecipientVerdict.Target::disposition).toList();
        }
    }

    /**
     * The header section of a message that arrives.
     *
     * @param envelope who gets it
     * @param headerSection all its fields with their line ends, without the empty line; empty when
     *     the content has no header
     */
    record Heading(Envelope envelope, byte[] headerSection) {}

    /** Verdict about a header section. */
    sealed interface HeaderVerdict {
        /** As it is. */
        HeaderVerdict KEEP = new Keep();

        /** As it is. */
        record Keep() implements HeaderVerdict {}

        /** This is stored instead: whole fields, each with CRLF. */
        record Replace(byte[] headerSection) implements HeaderVerdict {}

        /** The message is refused when all of it was read; nothing is stored. */
        record Refuse(Reply reply, String code) implements HeaderVerdict {}

        /** The same, then the end of the connection. */
        record Disconnect(Reply reply, String code) implements HeaderVerdict {}
    }

    /** Verdict of a stage. */
    sealed interface StageVerdict {
        /** Go on. */
        StageVerdict PROCEED = new Proceed();

        /** Go on. */
        record Proceed() implements StageVerdict {}

        /** Go on, with this reply of the stage's code in place of ours. */
        record Say(Reply reply) implements StageVerdict {}

        /** The command is answered with this reply (4yz or 5yz); the session goes on. */
        record Refuse(Reply reply, String code) implements StageVerdict {}

        /** The reply, then the end of the connection. */
        record Disconnect(Reply reply, String code) implements StageVerdict {}
    }

    /** Verdict about a recipient. */
    sealed interface RecipientVerdict {
        /**
         * Taken, with our reply or this one (250).
         *
         * @param why the way to it, to be kept with the message; may be empty
         * @param otherwise refuses the message with this unless the last word about it is
         *     somebody's who may relay it; empty: it is granted
         */
        record Accept(
                Disposition disposition,
                Optional<Reply> reply,
                String why,
                Optional<Reply> otherwise)
                implements RecipientVerdict {
            /** With our reply, and without its way. */
            public Accept(Disposition disposition) {
                this(disposition, Optional.empty(), "", Optional.empty());
            }
        }

        /**
         * Taken for others, which the address stands for; at least one.
         *
         * @param reply 250, in place of ours
         */
        record Expand(List<Target> targets, Optional<Reply> reply) implements RecipientVerdict {
            /** Copies the list. */
            public Expand {
                targets = List.copyOf(targets);
            }
        }

        /**
         * One of them.
         *
         * @param why the way to it, to be kept with the message; may be empty
         * @param otherwise as in {@link Accept}
         */
        record Target(
                Recipient recipient,
                Disposition disposition,
                String why,
                Optional<Reply> otherwise) {
            /** Granted. */
            public Target(Recipient recipient, Disposition disposition, String why) {
                this(recipient, disposition, why, Optional.empty());
            }

            /**
             * The name by which the same recipient is known again: a mailbox here is the same in
             * whatever case it is written.
             */
            public Mailbox named() {
                Mailbox mailbox = recipient.mailbox();
                return disposition instanceof Disposition.Local ? mailbox.inLowerCase() : mailbox;
            }

            /** Granted, without its way. */
            public Target(Recipient recipient, Disposition disposition) {
                this(recipient, disposition, "");
            }
        }

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
         * @param targets who gets it, perhaps others than RCPT named; at least one
         * @param addedFields whole header fields without CRLF, put below the Received field
         * @param reply said when the message is safe; ours, which has its id, when not given
         * @param notBefore nobody gets it earlier; {@link Instant#EPOCH}: at once
         * @param priority as in {@link MailOptions}
         */
        record Accept(
                List<RecipientVerdict.Target> targets,
                List<String> addedFields,
                Optional<Reply> reply,
                Instant notBefore,
                int priority)
                implements ContentVerdict {
            /** Copies the lists. */
            public Accept {
                targets = List.copyOf(targets);
                addedFields = List.copyOf(addedFields);
            }

            /** What RCPT decided. */
            public static Accept as(Submission submission, String... addedFields) {
                return new Accept(
                        submission.targets(),
                        List.of(addedFields),
                        Optional.empty(),
                        Instant.EPOCH,
                        0);
            }
        }

        /**
         * Accepted for some of the recipients, and refused for the others: only LMTP can say so,
         * with a reply for each.
         *
         * @param accept for those that are in no refusal; its targets are all of RCPT, in order
         * @param refusals by position of the recipient. An address that stands for several is
         *     refused when one of them is
         */
        record Split(Accept accept, Map<Integer, Refuse> refusals) implements ContentVerdict {
            /** Copies the map. */
            public Split {
                refusals = Map.copyOf(refusals);
            }
        }

        /** Refused, and the connection closed. */
        record Disconnect(Reply reply, String code) implements ContentVerdict {}

        /** Refused; nothing is stored. */
        record Refuse(Reply reply, String code) implements ContentVerdict {}

        /** Told 250 with this text and thrown away: nothing is stored. */
        record Discard(Reply reply) implements ContentVerdict {}
    }
}

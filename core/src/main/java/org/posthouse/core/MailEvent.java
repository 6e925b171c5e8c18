package org.posthouse.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A fact, told once when it happened: what logs, metrics, the journal and listeners are made of.
 * Never holds content or secrets.
 *
 * @since 0.1
 */
public sealed interface MailEvent {
    /** When it happened, wall clock. */
    Instant at();

    /** A client connected. */
    record SessionOpened(Instant at, long session, String listener, String clientAddress)
            implements MailEvent {}

    /** A session ended; {@code why} in a few words, for example {@code QUIT}. */
    record SessionClosed(Instant at, long session, String why) implements MailEvent {}

    /**
     * TLS with a client was begun: by STARTTLS, or with the connection.
     *
     * @param version such as {@code TLSv1.3}; empty: the handshake failed
     * @param cipher the suite's name; empty: the handshake failed
     */
    record SessionSecured(Instant at, long session, String version, String cipher)
            implements MailEvent {}

    /** A client logged in, or failed to. */
    record Authenticated(
            Instant at, long session, String mechanism, String login, boolean succeeded)
            implements MailEvent {}

    /** A command of a session was refused; {@code code} is our stable PH code. */
    record Refused(Instant at, long session, String stage, String address, String code, Reply reply)
            implements MailEvent {}

    /** A message is on disk and is ours; 250 goes out now. */
    record Received(
            Instant at,
            SpoolId message,
            Origin origin,
            ReversePath reversePath,
            List<Recipient> recipients,
            long octets)
            implements MailEvent {}

    /** A delivery reached a step of its attempt. */
    record AttemptStep(Instant at, DeliveryId delivery, int attempt, Step step, String nexthop)
            implements MailEvent {}

    /**
     * Where a delivery goes was looked up: not told where a connection is there already.
     *
     * @param route the route, and the domain where its exchangers are asked for
     * @param hosts in the order in which they are tried, with their preference
     */
    record Routed(Instant at, DeliveryId delivery, int attempt, String route, List<String> hosts)
            implements MailEvent {
        /** Copies the list. */
        public Routed {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * A try ended: of an attempt with one host, with the local store, or with the DNS. An attempt
     * has several where hosts can't be reached. What it means for the recipients is told by others.
     *
     * @param nexthop host and address; empty where none was found
     * @param reply what was said last that was not positive, or else at all; our own words where
     *     nothing was said
     * @param reached the last step that it came to
     * @param elapsed since it began: with the connection, or with the transaction where that stood
     * @param reused the transaction was over a connection that had one before
     * @param dialogue what was said, where it did not go well
     */
    record Tried(
            Instant at,
            DeliveryId delivery,
            int attempt,
            String nexthop,
            Protection protection,
            Reply reply,
            Step reached,
            Duration elapsed,
            boolean reused,
            Dialogue dialogue)
            implements MailEvent {
        /** True when the message was taken for all recipients that were tried. */
        public boolean succeeded() {
            return reply.isPositive();
        }

        /** What the reply probably means. */
        public Diagnosis diagnosis() {
            return Diagnosis.of(reply);
        }
    }

    /**
     * How a connection to a next hop was protected.
     *
     * @param tls the version of TLS, for example {@code TLSv1.3}; empty on clear text
     * @param proof how the host proved its name: {@code dane}, {@code mta-sts}, {@code
     *     certificate}, or {@code none} where anybody could have been at the other end; empty on
     *     clear text
     */
    record Protection(String tls, String proof) {
        /** Clear text. */
        public static final Protection NONE = new Protection("", "");
    }

    /**
     * A recipient is done: the next hop, or the local store, took it. {@code possibleDuplicate}: an
     * attempt before may have delivered it, too.
     */
    record Delivered(
            Instant at,
            DeliveryId delivery,
            Mailbox recipient,
            String nexthop,
            Reply reply,
            int attempt,
            Duration elapsed,
            boolean possibleDuplicate)
            implements MailEvent {}

    /**
     * A recipient waits for the next attempt. {@code possibleDuplicate}: it may have the message,
     * since this attempt or one before ended between the content and its reply.
     */
    record Deferred(
            Instant at,
            DeliveryId delivery,
            Mailbox recipient,
            String nexthop,
            Reply reply,
            int attempt,
            Instant nextDueAt,
            Outcome.Cause cause,
            boolean possibleDuplicate)
            implements MailEvent {
        /** What the reply probably means. */
        public Diagnosis diagnosis() {
            return Diagnosis.of(reply);
        }
    }

    /**
     * A recipient failed for good; {@code report} tells whether a DSN was made. {@code
     * possibleDuplicate}: it may have the message all the same.
     */
    record Failed(
            Instant at,
            DeliveryId delivery,
            Mailbox recipient,
            String nexthop,
            Reply reply,
            int attempt,
            boolean report,
            boolean possibleDuplicate)
            implements MailEvent {
        /** What the reply probably means. */
        public Diagnosis diagnosis() {
            return Diagnosis.of(reply);
        }
    }

    /**
     * A recipient of mail from the null reverse-path failed, mostly of a report: nobody is told, or
     * reports would go to and fro (RFC 5321 section 6.1).
     */
    record Unreported(Instant at, DeliveryId delivery, Mailbox recipient, Reply reply)
            implements MailEvent {}

    /**
     * A conversation with a next hop begins, as safe as this; {@code version} of TLS, empty for
     * clear text.
     */
    record Secured(Instant at, DeliveryId delivery, String nexthop, TlsLevel level, String version)
            implements MailEvent {}

    /**
     * A next hop, or the policy of a domain, is not as the domain has published it (RFC 7672, RFC
     * 8461): what reports on TLS are made of (RFC 8460 section 4).
     *
     * @param domain whose policy it is
     * @param nexthop the host; empty where it is about the policy itself
     * @param wanted what the host had to prove
     * @param fault of which kind it is
     * @param text in words
     * @param isUsed mail goes there all the same, as the domain only tests its policy
     */
    record TlsFailed(
            Instant at,
            String domain,
            String nexthop,
            TlsLevel wanted,
            TlsFault fault,
            String text,
            boolean isUsed)
            implements MailEvent {}

    /** All recipients of a message are done. */
    record Settled(Instant at, SpoolId message, Duration elapsed) implements MailEvent {}

    /**
     * How fast mail may go to a site changed by itself; {@code before} and {@code after} in words,
     * such as {@code 12.0/minute}; {@code until} when it changes again at the earliest.
     */
    record RateChanged(
            Instant at, String site, String cause, String before, String after, Instant until)
            implements MailEvent {}

    /**
     * Whether a site may be connected to changed; {@code cause} is what was said last, or happened,
     * where it may not; {@code until} when it may be tried again, at the earliest, else {@code at}.
     * As a site is found behind a restart is not told.
     */
    record CircuitChanged(
            Instant at, String site, Circuit before, Circuit after, String cause, Instant until)
            implements MailEvent {}

    /**
     * The operator changed what becomes of a part of the queue; {@code change} in a word, such as
     * {@code suspended}; {@code what} it is about, such as {@code domain far.example}; {@code
     * detail} says more, perhaps nothing.
     */
    record QueueChanged(Instant at, String change, String what, String detail)
            implements MailEvent {}

    /**
     * The operator changed what becomes of a delivery; durable.
     *
     * @param recipients who is not in it any more, of those that were left: all of a dropped one,
     *     those that others get the message for
     * @param detail says more, such as where it goes instead; perhaps nothing
     */
    record DeliveryChanged(
            Instant at, DeliveryId delivery, Change change, List<Mailbox> recipients, String detail)
            implements MailEvent {
        /** Copies the list. */
        public DeliveryChanged {
            recipients = List.copyOf(recipients);
        }
    }

    /** Something went wrong that an operator should know; {@code code} is a stable PH code. */
    record Trouble(Instant at, String code, String text) implements MailEvent {}

    /** What becomes of a delivery by hand. */
    enum Change {
        /** It is kept back. */
        HELD,
        /** It is not kept back any more. */
        RELEASED,
        /** It goes by another nexthop, or to other recipients. */
        REDIRECTED,
        /** It is removed, and nobody gets a report. */
        DROPPED
    }

    /** Whether a site may be connected to. */
    enum Circuit {
        /** Freely. */
        CLOSED,
        /** Not for seconds: one failure says little. */
        SUSPECTED,
        /** Not until an instant: no host can be reached. */
        OPEN,
        /** Once, to see whether it works again. */
        HALF_OPEN
    }

    /** The steps of one attempt, in order. */
    enum Step {
        /** Waiting before the first attempt. */
        IDLE_WAIT,
        /** Looking up MX. */
        RESOLVING_MX,
        /** Looking up A and AAAA. */
        RESOLVING_ADDRESS,
        /** Opening the connection. */
        CONNECTING,
        /** Connected; waiting for the greeting. */
        CONNECTED,
        /** TLS handshake begun. */
        NEGOTIATING_TLS,
        /** TLS in place. */
        ESTABLISHED_TLS,
        /** EHLO (or HELO, LHLO) sent. */
        HELLO,
        /** AUTH sent. */
        AUTHENTICATING,
        /** MAIL sent. */
        MAIL,
        /** RCPT sent. */
        RCPT,
        /** DATA or BDAT sent. */
        DATA,
        /** Writing to the local store. */
        STORING,
        /** The attempt is over. */
        DONE
    }
}

package org.posthouse;

import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Notify;
import org.posthouse.core.Recipient;
import org.posthouse.core.Ret;
import org.posthouse.core.ReversePath;
import org.posthouse.spool.Acceptance;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A message to submit from the program itself.
 *
 * @param from the reverse-path, where reports go
 * @param recipients who gets it, at least one
 * @param content header section and body, lines ending in CRLF; empty: made from the parts
 * @param text what the content is made of where it is not given
 * @param key against submitting twice: the same key gives the same message as long as that is
 *     queued and for a day behind its end, over restarts and crashes too; of more than 100,000 that
 *     ended within a day the oldest are forgotten earlier; at most 64 characters; empty: none
 * @param notBefore no attempt before this instant; {@link Instant#EPOCH} for at once
 * @param expiresAt given up at this instant; {@link Instant#MAX} for when the schedule says so
 * @param reports what reports about it hold
 * @param via a fixed next hop {@code host:port} instead of the routes; empty: the routes decide
 * @param priority from -9 to 9 where others wait for the same host: urgent from 4 on, bulk below 0
 * @since 0.1
 */
public record Message(
        ReversePath from,
        List<Recipient> recipients,
        byte[] content,
        Text text,
        String key,
        Instant notBefore,
        Instant expiresAt,
        Reports reports,
        String via,
        int priority) {
    /** Copies the list and checks that there is a recipient, and time for an attempt. */
    public Message {
        Objects.requireNonNull(from);
        Objects.requireNonNull(content);
        Objects.requireNonNull(text);
        Objects.requireNonNull(key);
        Objects.requireNonNull(notBefore);
        Objects.requireNonNull(expiresAt);
        Objects.requireNonNull(reports);
        Objects.requireNonNull(via);
        if (key.length() > Acceptance.ACCEPT_ID_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "a key has at most " + Acceptance.ACCEPT_ID_CHARS_MAX + " characters");
        }
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a message needs a recipient");
        }
        if (Math.abs(priority) > MailOptions.PRIORITY_MAX) {
            throw new IllegalArgumentException("not a priority from -9 to 9: " + priority);
        }
        if (!expiresAt.isAfter(notBefore)) {
            throw new IllegalArgumentException(
                    "a message that is given up at "
                            + expiresAt
                            + " can't wait until "
                            + notBefore
                            + ": nothing would be attempted");
        }
    }

    /** Begins a message. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same with a key against submitting twice. */
    public Message withKey(String another) {
        return new Message(
                from,
                recipients,
                content,
                text,
                another,
                notBefore,
                expiresAt,
                reports,
                via,
                priority);
    }

    /**
     * A plain text message in parts.
     *
     * @param subject may hold any characters but CR and LF
     * @param body plain text
     */
    public record Text(String subject, String body) {}

    /**
     * What reports about the message hold, by whomever they are made (RFC 3461).
     *
     * @param returned how much of the message a failure report returns
     * @param envelopeId named in reports, at most 100 octets of printable ASCII; empty: none
     */
    public record Reports(Ret returned, String envelopeId) {
        /** Octets of an envelope id (RFC 3461 section 4.4). */
        public static final int ENVELOPE_ID_OCTETS_MAX = 100;

        /** As the relay finds right. */
        public static final Reports DEFAULT = new Reports(Ret.UNSPECIFIED, "");

        /** Checks the id. */
        public Reports {
            Objects.requireNonNull(returned);
            boolean printable = envelopeId.chars().allMatch(c -> c >= ' ' && c <= '~');
            if (!printable || envelopeId.length() > ENVELOPE_ID_OCTETS_MAX) {
                throw new IllegalArgumentException("not an envelope id: " + envelopeId);
            }
        }
    }

    /** Puts a message together. */
    public static final class Builder {
        private ReversePath from = ReversePath.NULL;
        private final List<Recipient> recipients = new ArrayList<>();
        private byte[] content = {};
        private String subject = "";
        private String body = "";
        private String key = "";
        private Instant notBefore = Instant.EPOCH;
        private Instant expiresAt = Instant.MAX;
        private Notify notifyOn = Notify.UNSPECIFIED;
        private Reports reports = Reports.DEFAULT;
        private String via = "";
        private int priority;

        private Builder() {}

        /** The reverse-path and, where the content is made, the From field. */
        public Builder from(String address) {
            from = Mailbox.parse(address);
            return this;
        }

        /** Recipients. */
        public Builder to(String... addresses) {
            for (String address : addresses) {
                recipients.add(Recipient.of(Mailbox.parse(address)));
            }
            return this;
        }

        /** The Subject field. */
        public Builder subject(String subject) {
            if (subject.indexOf('\r') >= 0 || subject.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("a subject is one line");
            }
            this.subject = subject;
            return this;
        }

        /** The body as plain text. */
        public Builder text(String body) {
            this.body = body;
            return this;
        }

        /** The whole content, header section included, instead of subject and text. */
        public Builder content(byte[] octets) {
            content = octets.clone();
            return this;
        }

        /** A key against submitting twice. */
        public Builder key(String key) {
            this.key = key;
            return this;
        }

        /** No attempt before this instant. */
        public Builder notBefore(Instant instant) {
            notBefore = instant;
            return this;
        }

        /**
         * Given up at this instant, or when the retry schedule says so if that is earlier; no
         * attempt begins after it. Behind {@link #notBefore}, or {@link #build} refuses it.
         */
        public Builder expiresAt(Instant instant) {
            expiresAt = instant;
            return this;
        }

        /** When reports about any of the recipients are wanted: NOTIFY of RFC 3461. */
        public Builder notifyOn(Notify wanted) {
            notifyOn = wanted;
            return this;
        }

        /** How much of the message a failure report returns: RET of RFC 3461. */
        public Builder returned(Ret wanted) {
            reports = new Reports(wanted, reports.envelopeId());
            return this;
        }

        /** Named in reports, at most 100 octets of printable ASCII: ENVID of RFC 3461. */
        public Builder envelopeId(String id) {
            reports = new Reports(reports.returned(), id);
            return this;
        }

        /** A fixed next hop {@code host:port}. */
        public Builder via(String hostAndPort) {
            via = hostAndPort;
            return this;
        }

        /**
         * How urgent it is where others wait for the same host: from -9 to 9, 0 by default; urgent
         * from 4 on, bulk below 0.
         */
        public Builder priority(int wanted) {
            priority = MailOptions.NONE.withPriority(wanted).priority();
            return this;
        }

        /** The message. */
        public Message build() {
            return new Message(
                    from,
                    recipients.stream()
                            .map(r -> new Recipient(r.mailbox(), notifyOn, r.originalRecipient()))
                            .toList(),
                    content,
                    new Text(subject, body),
                    key,
                    notBefore,
                    expiresAt,
                    reports,
                    via,
                    priority);
        }
    }
}

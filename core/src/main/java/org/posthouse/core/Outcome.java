package org.posthouse.core;

import java.util.Objects;

/**
 * How one attempt ended for one recipient.
 *
 * @since 0.1
 */
public sealed interface Outcome {
    /** What was said last: the next hop's reply, or our own words for what happened. */
    Reply reply();

    /** The next hop (or the local store) took responsibility. */
    record Delivered(Reply reply) implements Outcome {
        /** Checks that nothing is missing. */
        public Delivered {
            Objects.requireNonNull(reply);
        }
    }

    /** Not now; the retry schedule says when again. */
    record Deferred(Reply reply, Cause cause) implements Outcome {
        /** Checks that nothing is missing. */
        public Deferred {
            Objects.requireNonNull(reply);
            Objects.requireNonNull(cause);
        }
    }

    /** Never; a report goes to the reverse-path. */
    record Failed(Reply reply) implements Outcome {
        /** Checks that nothing is missing. */
        public Failed {
            Objects.requireNonNull(reply);
        }
    }

    /** What a deferral is charged to. */
    enum Cause {
        /** No connection, no greeting, TLS failed, 421, DNS trouble: charged to the next hop. */
        NET,
        /** Any other transient reply to MAIL, RCPT or the content: charged to the message. */
        TEMPORARY,
        /** We are too fast for the next hop: charged to the message that was told so. */
        RATE,
        /** The next hop asks to come back later (greylisting): charged to the message. */
        GREYLISTED,
        /** Mailbox or system full at RCPT: charged to the recipient. */
        MAILBOX,
        /** Our address has a bad name at the next hop, and the settings say to wait. */
        REPUTATION,
        /** The connection was lost between the content and its reply: perhaps delivered. */
        AMBIGUOUS
    }
}

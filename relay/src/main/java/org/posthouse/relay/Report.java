package org.posthouse.relay;

import org.posthouse.core.EnhancedStatus;
import org.posthouse.core.Recipient;
import org.posthouse.spool.StoredMessage;

import java.time.Instant;
import java.util.List;

/**
 * What a delivery status notification tells.
 *
 * @param about the message it is about
 * @param action what happened to all recipients of it
 * @param at when it is made
 * @param entries the recipients; at least one
 */
record Report(StoredMessage about, Action action, Instant at, List<Entry> entries) {
    Report {
        entries = List.copyOf(entries);
    }

    /** What happened (RFC 3464 section 2.3.3). */
    enum Action {
        FAILED("failed"),
        DELAYED("delayed"),
        DELIVERED("delivered"),
        RELAYED("relayed");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /**
     * One recipient.
     *
     * @param recipient as the envelope has it
     * @param status of the action
     * @param diagnostic what was said last; empty where nothing was
     * @param nexthop who said it; empty: we did
     * @param retriedUntil with DELAYED: when it will be given up; otherwise {@link Instant#EPOCH}
     */
    record Entry(
            Recipient recipient,
            EnhancedStatus status,
            String diagnostic,
            String nexthop,
            Instant retriedUntil) {}
}

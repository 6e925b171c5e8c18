package org.posthouse.relay;

import org.posthouse.core.Outcome;

import java.util.Locale;

/**
 * What an answer means, and what it is charged to.
 *
 * @since 0.1
 */
public enum ReplyClass {
    /** The next hop took responsibility. */
    DELIVERED,
    /** The host can't be talked to: charged to the site, not to the message. */
    NET,
    /** The host takes no more connections: charged to the site's window, touches no message. */
    LIMIT,
    /** We are too fast for the host: charged to the message that was told so, not to the site. */
    RATE,
    /** Greylisted: come back later. */
    GREY,
    /** Mailbox or system full, for this recipient. */
    BOX,
    /** Any other transient refusal. */
    TMP,
    /** Too many recipients in this transaction: the next one may take it at once. */
    CROWDED,
    /** Our address has a bad name there: a setting says whether that is for good. */
    REP,
    /** Never. */
    PERM,
    /** Perhaps delivered. */
    AMBIG;

    /** As rules and settings write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a deferral of this class is charged to. */
    Outcome.Cause cause() {
        return switch (this) {
            case NET, LIMIT -> Outcome.Cause.NET;
            case RATE -> Outcome.Cause.RATE;
            case GREY -> Outcome.Cause.GREYLISTED;
            case BOX -> Outcome.Cause.MAILBOX;
            case REP -> Outcome.Cause.REPUTATION;
            case AMBIG -> Outcome.Cause.AMBIGUOUS;
            case DELIVERED, TMP, CROWDED, PERM -> Outcome.Cause.TEMPORARY;
        };
    }
}

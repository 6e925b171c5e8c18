package org.posthouse.relay;

import org.posthouse.core.Outcome;

/** What an answer means, and what it is charged to. */
enum ReplyClass {
    /** The next hop took responsibility. */
    DELIVERED,
    /** The host can't be talked to: charged to the site, not to the message. */
    NET,
    /** The host takes no more connections: charged to the site's window, touches no message. */
    LIMIT,
    /** Greylisted: come back later. */
    GREY,
    /** Mailbox or system full, for this recipient. */
    BOX,
    /** Any other transient refusal. */
    TMP,
    /** Too many recipients in this transaction: the next one may take it at once. */
    CROWDED,
    /** Never. */
    PERM,
    /** Perhaps delivered. */
    AMBIG;

    /** What a deferral of this class is charged to. */
    Outcome.Cause cause() {
        return switch (this) {
            case NET, LIMIT -> Outcome.Cause.NET;
            case GREY -> Outcome.Cause.GREYLISTED;
            case BOX -> Outcome.Cause.MAILBOX;
            case AMBIG -> Outcome.Cause.AMBIGUOUS;
            case DELIVERED, TMP, CROWDED, PERM -> Outcome.Cause.TEMPORARY;
        };
    }
}

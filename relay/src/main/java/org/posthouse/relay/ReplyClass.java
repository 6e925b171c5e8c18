package org.posthouse.relay;

import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;

/** What an answer means, and what it is charged to. */
enum ReplyClass {
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
            case DELIVERED, RATE, TMP, CROWDED, PERM -> Outcome.Cause.TEMPORARY;
        };
    }

    /** The outcome of a recipient to whom this was said. */
    Outcome outcome(Reply reply) {
        return switch (this) {
            case DELIVERED -> new Outcome.Delivered(reply);
            case PERM -> new Outcome.Failed(reply);
            case NET, LIMIT, RATE, GREY, BOX, TMP, CROWDED, AMBIG ->
                    new Outcome.Deferred(reply, cause());
        };
    }
}

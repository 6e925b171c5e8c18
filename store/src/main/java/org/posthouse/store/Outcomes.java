package org.posthouse.store;

import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.platform.NoSpaceException;

/** What a local store answers. */
final class Outcomes {
    static final Outcome STORED = new Outcome.Delivered(Reply.of(250, "2.0.0", "stored"));
    private static final Outcome FULL =
            new Outcome.Deferred(
                    Reply.of(452, "4.3.1", "the disk of the mail store is full"),
                    Outcome.Cause.MAILBOX);
    private static final Outcome BROKEN =
            new Outcome.Deferred(
                    Reply.of(451, "4.3.0", "the mail store can't be written now"),
                    Outcome.Cause.TEMPORARY);

    private Outcomes() {}

    /** What a failure of the disk means for the message: later, never lost. */
    static Outcome of(Exception failure) {
        return failure instanceof NoSpaceException || failure.getCause() instanceof NoSpaceException
                ? FULL
                : BROKEN;
    }

    /** A handler that threw: later. */
    static Outcome broken() {
        return BROKEN;
    }
}

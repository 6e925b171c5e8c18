package org.posthouse.spool;

import java.time.Instant;
import java.util.Objects;

/**
 * How far a delivery has come. Stored with every deferral; never inferred.
 *
 * @param attempts attempts that count against its schedule
 * @param nextDueAt no attempt before this instant
 * @param lookAt the delivery is given out again at this instant even if it is not due, to warn or
 *     to expire; {@link Instant#MAX} for not before it is due
 * @param held true: no attempt at all until released
 * @param warned true once the delay report was made (or must not be made)
 * @param lastReply what was said last, in one line; empty before the first attempt
 * @param via a fixed next hop {@code host:port} chosen for the next attempt; empty: none
 * @since 0.1
 */
public record Progress(
        int attempts,
        Instant nextDueAt,
        Instant lookAt,
        boolean held,
        boolean warned,
        String lastReply,
        String via) {
    /** Checks that nothing is missing or negative. */
    public Progress {
        Objects.requireNonNull(nextDueAt);
        Objects.requireNonNull(lookAt);
        Objects.requireNonNull(lastReply);
        Objects.requireNonNull(via);
        if (attempts < 0) {
            throw new IllegalArgumentException("negative attempts");
        }
    }

    /** Just accepted: due at this instant. */
    public static Progress fresh(Instant dueAt) {
        return new Progress(0, dueAt, Instant.MAX, false, false, "", "");
    }

    /** When it is to be given out again: due, or to be looked at. */
    public Instant wakeAt() {
        return lookAt.isBefore(nextDueAt) ? lookAt : nextDueAt;
    }

    /** The same, due at another instant. */
    public Progress dueAt(Instant at) {
        return new Progress(attempts, at, lookAt, held, warned, lastReply, via);
    }

    /** The same, looked at not later than this. */
    public Progress lookAt(Instant at) {
        return new Progress(attempts, nextDueAt, at, held, warned, lastReply, via);
    }

    /** The same, held or released. */
    public Progress held(boolean hold) {
        return new Progress(attempts, nextDueAt, lookAt, hold, warned, lastReply, via);
    }
}

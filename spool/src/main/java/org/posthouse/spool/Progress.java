package org.posthouse.spool;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

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
 * @param tried what its attempts left behind; empty before the first
 * @since 0.1
 */
public record Progress(
        int attempts,
        Instant nextDueAt,
        Instant lookAt,
        boolean held,
        boolean warned,
        String lastReply,
        String via,
        Optional<Tried> tried) {
    /** Checks that nothing is missing or negative. */
    public Progress {
        Objects.requireNonNull(nextDueAt);
        Objects.requireNonNull(lookAt);
        Objects.requireNonNull(lastReply);
        Objects.requireNonNull(via);
        Objects.requireNonNull(tried);
        if (attempts < 0) {
            throw new IllegalArgumentException("negative attempts");
        }
    }

    /** Of a delivery that was not attempted. */
    public Progress(
            int attempts,
            Instant nextDueAt,
            Instant lookAt,
            boolean held,
            boolean warned,
            String lastReply,
            String via) {
        this(attempts, nextDueAt, lookAt, held, warned, lastReply, via, Optional.empty());
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
        return new Progress(attempts, at, lookAt, held, warned, lastReply, via, tried);
    }

    /** The same, looked at not later than this. */
    public Progress lookAt(Instant at) {
        return new Progress(attempts, nextDueAt, at, held, warned, lastReply, via, tried);
    }

    /** The same, held or released. */
    public Progress held(boolean hold) {
        return new Progress(attempts, nextDueAt, lookAt, hold, warned, lastReply, via, tried);
    }

    /** The same, by another next hop. */
    public Progress via(String nexthop) {
        return new Progress(attempts, nextDueAt, lookAt, held, warned, lastReply, nexthop, tried);
    }

    /** The same, with a delay report made, or not to be made. */
    public Progress withWarning() {
        return new Progress(attempts, nextDueAt, lookAt, held, true, lastReply, via, tried);
    }

    /** The same, with another last reply. */
    Progress lastReply(String reply) {
        return new Progress(attempts, nextDueAt, lookAt, held, warned, reply, via, tried);
    }

    /** True when a recipient that is still open may have the message. */
    public boolean possibleDuplicate() {
        return tried.filter(Tried::possibleDuplicate).isPresent();
    }
}

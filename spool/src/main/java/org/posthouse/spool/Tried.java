package org.posthouse.spool;

import org.posthouse.core.Outcome;

import java.time.Instant;
import java.util.Objects;

/**
 * What a delivery's attempts left behind, those that do not count against its schedule included.
 *
 * @param firstAt when the first one ended
 * @param lastAt when the last one ended
 * @param cause what the last one's deferral was charged to
 * @param possibleDuplicate true once an attempt ended between the content and its reply: a
 *     recipient that is still open may have the message
 * @since 0.1
 */
public record Tried(
        Instant firstAt, Instant lastAt, Outcome.Cause cause, boolean possibleDuplicate) {
    /** Checks that nothing is missing. */
    public Tried {
        Objects.requireNonNull(firstAt);
        Objects.requireNonNull(lastAt);
        Objects.requireNonNull(cause);
    }
}

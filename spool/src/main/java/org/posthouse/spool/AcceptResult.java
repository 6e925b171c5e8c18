package org.posthouse.spool;

import org.posthouse.core.SpoolId;

import java.util.Objects;

/**
 * The answer to {@link Spool#accept}.
 *
 * @since 0.1
 */
public sealed interface AcceptResult {
    /**
     * Durable.
     *
     * @param id the message's name
     * @param repeated true when the accept id was known and nothing new was stored
     */
    record Accepted(SpoolId id, boolean repeated) implements AcceptResult {
        /** Checks that nothing is missing. */
        public Accepted {
            Objects.requireNonNull(id);
        }
    }

    /** Nothing stored: no room. {@code 452 4.3.1}. */
    record NoSpace() implements AcceptResult {}

    /** Nothing stored: the disk failed, or the spool is closing. {@code 451 4.3.0}. */
    record Unavailable(String reason) implements AcceptResult {}
}

package org.posthouse.core;

import java.util.Objects;

/**
 * What was decided for one recipient when its message was accepted. Stored with the message: a
 * recipient that was never granted relaying is never relayed, whatever happens to the configuration
 * later.
 *
 * @since 0.1
 */
public sealed interface Disposition {
    /** Kept here, in the local store. */
    Disposition LOCAL = new Local();

    /** Kept here, in the local store. */
    record Local() implements Disposition {}

    /**
     * Passed on to the outside.
     *
     * @param rule name of the rule that granted it
     * @param via a fixed next hop {@code host:port} that a hook chose, or {@code route} and the
     *     name of one; empty: the routes decide
     */
    record Relayed(String rule, String via) implements Disposition {
        /** Checks that nothing is missing. */
        public Relayed {
            Objects.requireNonNull(rule);
            Objects.requireNonNull(via);
        }
    }
}

package org.posthouse.policy;

import org.posthouse.core.Reply;

import java.util.Objects;

/**
 * What is to happen with one recipient.
 *
 * @since 0.1
 */
public sealed interface Verdict {
    /** Stored here. */
    record Local() implements Verdict {}

    /**
     * Passed on.
     *
     * @param rule the relay rule that granted it, {@code relayed domain}, or {@code own mail}
     * @param route the route's name as of now; the attempt looks again
     */
    record Relay(String rule, String route) implements Verdict {
        /** Checks that nothing is missing. */
        public Relay {
            Objects.requireNonNull(rule);
            Objects.requireNonNull(route);
        }
    }

    /**
     * Not ours to decide: a rule permits that a hook relays it. Without the hook's word it is
     * refused with {@code otherwise}. {@code route} is empty when none matches: the hook then has
     * to choose a next hop.
     */
    record HookMayRelay(String rule, String route, Reply otherwise) implements Verdict {
        /** Checks that nothing is missing. */
        public HookMayRelay {
            Objects.requireNonNull(rule);
            Objects.requireNonNull(route);
            Objects.requireNonNull(otherwise);
        }
    }

    /** Refused. */
    record Refuse(Reply reply) implements Verdict {
        /** Checks that nothing is missing. */
        public Refuse {
            Objects.requireNonNull(reply);
        }
    }
}

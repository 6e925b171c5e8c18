package org.posthouse.policy;

import java.util.List;
import java.util.Objects;

/**
 * A reason why rules are an open relay.
 *
 * @param rules names of the relay rules that make it, in order
 * @param text what is wrong, one sentence without a full stop
 * @since 0.1
 */
public record RelayProblem(List<String> rules, String text) {
    /** Copies the list. */
    public RelayProblem {
        Objects.requireNonNull(text);
        rules = List.copyOf(rules);
    }
}

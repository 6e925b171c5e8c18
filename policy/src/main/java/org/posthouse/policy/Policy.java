package org.posthouse.policy;

import org.posthouse.core.Mailbox;

import java.util.Optional;

/**
 * The one decision, pure: the same answer for the wire, for mail that waits, and for explanations.
 *
 * @since 0.1
 */
public final class Policy {
    private Policy() {}

    /** Decides about one recipient. */
    public static Decision decide(PolicySet rules, Facts facts) {
        throw new UnsupportedOperationException(rules + "" + facts);
    }

    /** The first route that matches; empty when none does. */
    public static Optional<Route> route(PolicySet rules, Mailbox recipient) {
        return rules.routes().stream()
                .filter(r -> r.to().stream().anyMatch(p -> p.matches(recipient)))
                .findFirst();
    }
}

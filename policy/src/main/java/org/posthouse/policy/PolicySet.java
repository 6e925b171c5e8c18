package org.posthouse.policy;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * All rules that decisions are made by; immutable.
 *
 * @param localDomains stored here, never relayed; lower case; address literals of ours included
 * @param relayedDomains accepted from anyone and passed on by the matching route; lower case
 * @param recipients the known addresses of both
 * @param relayRules who may send to the outside; the first match wins; none: nothing leaves
 * @param routes how outside mail leaves; the first match wins
 * @since 0.1
 */
public record PolicySet(
        Set<String> localDomains,
        Set<String> relayedDomains,
        KnownRecipients recipients,
        List<RelayRule> relayRules,
        List<Route> routes) {
    /** Copies the collections; the sets keep an order. */
    public PolicySet {
        Objects.requireNonNull(recipients);
        localDomains = java.util.Collections.unmodifiableSet(new TreeSet<>(localDomains));
        relayedDomains = java.util.Collections.unmodifiableSet(new TreeSet<>(relayedDomains));
        relayRules = List.copyOf(relayRules);
        routes = List.copyOf(routes);
    }
}

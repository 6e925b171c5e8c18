package org.posthouse.policy;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * All rules that decisions are made by; immutable.
 *
 * @param localDomains stored here, never relayed; address literals of ours included
 * @param relayedDomains accepted from anyone and passed on by the matching route
 * @param recipients the known addresses of both
 * @param aliases other addresses that those of local domains stand for
 * @param relayRules who may send to the outside; the first match wins; none: nothing leaves
 * @param routes how outside mail leaves; the first match wins
 * @since 0.1
 */
public record PolicySet(
        Set<String> localDomains,
        Set<String> relayedDomains,
        KnownRecipients recipients,
        Aliases aliases,
        List<RelayRule> relayRules,
        List<Route> routes) {
    /** Without aliases. */
    public PolicySet(
            Set<String> localDomains,
            Set<String> relayedDomains,
            KnownRecipients recipients,
            List<RelayRule> relayRules,
            List<Route> routes) {
        this(localDomains, relayedDomains, recipients, Aliases.NONE, relayRules, routes);
    }

    /** Copies the collections; domains are put in lower case and keep an order. */
    public PolicySet {
        Objects.requireNonNull(recipients);
        Objects.requireNonNull(aliases);
        localDomains = domains(localDomains);
        relayedDomains = domains(relayedDomains);
        relayRules = List.copyOf(relayRules);
        routes = List.copyOf(routes);
    }

    private static Set<String> domains(Set<String> given) {
        var sorted = new TreeSet<String>();
        for (String domain : given) {
            sorted.add(Ascii.lower(domain));
        }
        return Collections.unmodifiableSet(new LinkedHashSet<>(sorted));
    }
}

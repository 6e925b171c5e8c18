package org.posthouse.policy;

import org.posthouse.core.Idna;

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
 * @param places where the domains and lists are written
 * @since 0.1
 */
public record PolicySet(
        Set<String> localDomains,
        Set<String> relayedDomains,
        KnownRecipients recipients,
        Aliases aliases,
        List<RelayRule> relayRules,
        List<Route> routes,
        Places places) {
    /** Without aliases, and with nowhere to point at. */
    public PolicySet(
            Set<String> localDomains,
            Set<String> relayedDomains,
            KnownRecipients recipients,
            List<RelayRule> relayRules,
            List<Route> routes) {
        this(localDomains, relayedDomains, recipients, Aliases.NONE, relayRules, routes);
    }

    /** With nowhere to point at. */
    public PolicySet(
            Set<String> localDomains,
            Set<String> relayedDomains,
            KnownRecipients recipients,
            Aliases aliases,
            List<RelayRule> relayRules,
            List<Route> routes) {
        this(localDomains, relayedDomains, recipients, aliases, relayRules, routes, Places.NONE);
    }

    /** Copies the collections; domains are put in lower case and keep an order. */
    public PolicySet {
        Objects.requireNonNull(recipients);
        Objects.requireNonNull(aliases);
        Objects.requireNonNull(places);
        localDomains = domains(localDomains);
        relayedDomains = domains(relayedDomains);
        relayRules = List.copyOf(relayRules);
        routes = List.copyOf(routes);
    }

    /**
     * Where something is written, such as {@code posthouse.toml:15}; empty: nowhere to point at.
     *
     * @param local the local domains
     * @param relayed the relayed domains
     * @param recipients the known addresses
     * @param aliases the aliases
     */
    public record Places(String local, String relayed, String recipients, String aliases) {
        /** Nowhere. */
        public static final Places NONE = new Places("", "", "", "");

        /** Checks that nothing is missing. */
        public Places {
            Objects.requireNonNull(local);
            Objects.requireNonNull(relayed);
            Objects.requireNonNull(recipients);
            Objects.requireNonNull(aliases);
        }
    }

    private static Set<String> domains(Set<String> given) {
        var sorted = new TreeSet<String>();
        for (String domain : given) {
            sorted.add(Idna.spelled(domain));
        }
        return Collections.unmodifiableSet(new LinkedHashSet<>(sorted));
    }
}

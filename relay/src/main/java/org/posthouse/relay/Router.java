package org.posthouse.relay;

import org.posthouse.core.Disposition;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;
import org.posthouse.policy.Policy;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.HostPort;

import java.util.List;
import java.util.Optional;

/**
 * Says where a recipient goes, by the rules of now and what was granted when its message was
 * accepted. What was not granted relaying never leaves.
 */
final class Router {
    /** Where connections to hosts that a hook chose get their settings, unless a route has them. */
    private static final Route.Hop VIA_SETTINGS = Route.Hop.DEFAULT;

    private static final Reply DISCARDED = Reply.of(250, "2.0.0", "discarded by a route");
    private static final Reply NO_ROUTE =
            Reply.of(550, "5.4.4", "no route leads to this recipient");

    /** Before a next hop that stays chosen; alone it means what the routes say. */
    static final String ALWAYS = "=";

    private Router() {}

    /** What stays chosen behind an attempt; empty: nothing does. */
    static String lasting(String via) {
        return via.startsWith(ALWAYS) ? via : "";
    }

    private static String chosen(String via, Disposition.Relayed relayed) {
        if (via.startsWith(ALWAYS)) {
            return via.substring(ALWAYS.length());
        }
        return via.isEmpty() ? relayed.via() : via;
    }

    /**
     * Where a recipient goes.
     *
     * @param via the host that a hook chose for this attempt, or an operator for all; empty: none
     */
    static Hop hop(PolicySet rules, Mailbox recipient, Disposition disposition, String via) {
        return switch (disposition) {
            case Disposition.Local local -> stored(rules, recipient);
            case Disposition.Relayed relayed -> {
                if (rules.localDomains().contains(recipient.domain())) {
                    yield stored(rules, recipient);
                }
                String fixed = chosen(via, relayed);
                if (fixed.startsWith(Route.BY_NAME)) {
                    String name = fixed.substring(Route.BY_NAME.length());
                    yield named(rules, name, recipient.domain());
                }
                yield fixed.isEmpty() ? routed(rules, recipient) : to(rules, fixed);
            }
        };
    }

    /**
     * The key of the site where all recipients of a domain go that were granted relaying and have
     * no fixed next hop; empty when it depends on the recipient, or when there is none.
     */
    static String siteOf(PolicySet rules, String domain) {
        if (rules.localDomains().contains(domain)) {
            return storeOf(rules, domain);
        }
        Optional<Route> found = Policy.routeOfDomain(rules, domain);
        return found.isEmpty() ? "" : hop(found.get(), domain).site();
    }

    /**
     * The same for recipients of a local domain. What was accepted for a domain that is not ours
     * any more stays here all the same: nobody granted that it leaves.
     */
    static String storeOf(PolicySet rules, String domain) {
        return Policy.isStoredAlike(rules, domain)
                ? stored(rules, new Mailbox("any", domain)).site()
                : "";
    }

    private static Hop stored(PolicySet rules, Mailbox recipient) {
        Optional<Route> found = Policy.storeRoute(rules, recipient);
        return found.isEmpty() ? Hop.Store.HERE : hop(found.get(), recipient.domain());
    }

    private static Hop routed(PolicySet rules, Mailbox recipient) {
        Optional<Route> found = Policy.route(rules, recipient);
        return found.isEmpty() ? new Hop.Nowhere(NO_ROUTE) : hop(found.get(), recipient.domain());
    }

    /** A route that is gone may come back: such mail waits for it. */
    private static Hop named(PolicySet rules, String name, String domain) {
        for (Route route : rules.routes()) {
            if (route.name().equals(name)) {
                return hop(route, domain);
            }
        }
        return new Hop.Nowhere(Reply.of(451, "4.3.5", "there is no route " + name));
    }

    private static Hop hop(Route route, String domain) {
        return switch (route.via()) {
            case Route.Mx mx -> new Hop.Exchange("mx " + route.name() + " " + domain, domain, mx);
            case Route.Fixed fixed -> new Hop.Fixed("route " + route.name(), fixed);
            case Route.Store store -> Hop.Store.HERE;
            case Route.Discard discard -> new Hop.Nowhere(DISCARDED);
            case Route.Refuse refuse -> new Hop.Nowhere(Reply.of(550, "5.7.1", refuse.text()));
        };
    }

    private static Hop to(PolicySet rules, String via) {
        HostPort host;
        try {
            host = HostPort.parse(via, VIA_SETTINGS.port());
        } catch (IllegalArgumentException e) {
            return new Hop.Nowhere(
                    Reply.of(550, "5.4.4", "not a host and port that mail can go to: " + via));
        }
        for (Route route : rules.routes()) {
            if (route.via() instanceof Route.Smarthost known) {
                for (Route.Peer peer : known.peers()) {
                    if (peer.at().equals(host)) {
                        return via(new Route.Smarthost(List.of(peer), known.settings()));
                    }
                }
            }
        }
        return via(Route.Smarthost.of(List.of(host), VIA_SETTINGS));
    }

    private static Hop via(Route.Smarthost host) {
        return new Hop.Fixed("via " + host.peers().getFirst().at(), host);
    }
}

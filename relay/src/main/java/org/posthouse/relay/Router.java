package org.posthouse.relay;

import org.posthouse.core.Disposition;
import org.posthouse.core.Glob;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;
import org.posthouse.policy.Passage;
import org.posthouse.policy.Policy;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.HostPort;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    private final SourceChoice.Chooser sources;
    private final boolean waivesTls;

    /** With what chooses among the sources of a route. */
    Router(SourceChoice.Chooser sources) {
        this(sources, MailOptions.NONE);
    }

    /** For a message with these options. */
    Router(SourceChoice.Chooser sources, MailOptions options) {
        this.sources = sources;
        waivesTls = options.waivesTls();
    }

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
    Hop hop(PolicySet rules, Passage mail, Disposition disposition, String via) {
        Hop hop = demanding(rules, mail, disposition, via);
        return waivesTls ? Waiver.of(hop) : hop;
    }

    private Hop demanding(PolicySet rules, Passage mail, Disposition disposition, String via) {
        String domain = mail.recipient().domain();
        return switch (disposition) {
            case Disposition.Local local -> stored(rules, mail);
            case Disposition.Relayed relayed -> {
                if (rules.localDomains().contains(domain)) {
                    yield stored(rules, mail);
                }
                String fixed = chosen(via, relayed);
                if (fixed.startsWith(Route.BY_NAME)) {
                    String name = fixed.substring(Route.BY_NAME.length());
                    yield named(rules, name, domain);
                }
                yield fixed.isEmpty() ? routed(rules, mail) : to(rules, fixed);
            }
        };
    }

    /**
     * The key of the site where all recipients of a domain go that were granted relaying and have
     * no fixed next hop; empty when it depends on the recipient, or when there is none.
     */
    String siteOf(PolicySet rules, String domain) {
        if (rules.localDomains().contains(domain)) {
            return storeOf(rules, domain);
        }
        Optional<Route> found = Policy.routeOfDomain(rules, domain);
        return found.isEmpty() ? "" : hop(found.get(), domain).site();
    }

    /**
     * The same by every source of the route, and for mail that waives what is published about TLS.
     */
    static Set<String> sitesOf(PolicySet rules, String domain) {
        var sites = new LinkedHashSet<String>();
        sites.add(new Router(eachInto(sites)).siteOf(rules, domain));
        return withWaived(sites);
    }

    /** The keys of the sites of all routes to a host like that. */
    static Set<String> sitesAt(PolicySet rules, Glob host) {
        var sites = new LinkedHashSet<String>();
        for (Route route : rules.routes()) {
            if (route.via() instanceof Route.Fixed fixed && leadsTo(route, fixed, host)) {
                sites.add(new Router(eachInto(sites)).fixed(route.name(), fixed).site());
            }
        }
        return withWaived(sites);
    }

    private static Set<String> withWaived(Set<String> sites) {
        List.copyOf(sites).forEach(site -> sites.add(SiteKey.WAIVED + site));
        return sites;
    }

    private static boolean leadsTo(Route route, Route.Fixed fixed, Glob host) {
        Hop hop = new Router(SourceChoice.Chooser.FIRST).fixed(route.name(), fixed);
        return SiteNames.of(hop.site(), hop).names().stream().anyMatch(host::matches);
    }

    /** Collects the sites of all sources. */
    private static SourceChoice.Chooser eachInto(Set<String> sites) {
        return (settings, place) -> {
            settings.sources().forEach(source -> sites.add(place.of(source)));
            return settings;
        };
    }

    /**
     * The same for recipients of a local domain. What was accepted for a domain that is not ours
     * any more stays here all the same: nobody granted that it leaves.
     */
    String storeOf(PolicySet rules, String domain) {
        return Policy.isStoredAlike(rules, domain)
                ? stored(rules, Passage.ofReport(new Mailbox("any", domain))).site()
                : "";
    }

    private Hop stored(PolicySet rules, Passage mail) {
        Optional<Route> found = Policy.storeRoute(rules, mail);
        return found.isEmpty() ? Hop.Store.HERE : hop(found.get(), mail.recipient().domain());
    }

    private Hop routed(PolicySet rules, Passage mail) {
        Optional<Route> found = Policy.route(rules, mail);
        return found.isEmpty()
                ? new Hop.Nowhere(NO_ROUTE)
                : hop(found.get(), mail.recipient().domain());
    }

    /** A route that is gone may come back: such mail waits for it. */
    private Hop named(PolicySet rules, String name, String domain) {
        for (Route route : rules.routes()) {
            if (route.name().equals(name)) {
                return hop(route, domain);
            }
        }
        return new Hop.Nowhere(Reply.of(451, "4.3.5", "there is no route " + name));
    }

    private Hop hop(Route route, String domain) {
        return switch (route.via()) {
            case Route.Mx mx -> exchange(route.name(), domain, mx);
            case Route.Fixed fixed -> fixed(route.name(), fixed);
            case Route.Store store -> Hop.Store.HERE;
            case Route.Discard discard -> new Hop.Nowhere(DISCARDED);
            case Route.Refuse refuse -> new Hop.Nowhere(Reply.of(550, "5.7.1", refuse.text()));
        };
    }

    private Hop exchange(String route, String domain, Route.Mx mx) {
        SourceChoice.Place place =
                source -> SiteKey.MX + path(route, mx.settings(), source) + " " + domain;
        Route.Hop settings = sources.by(mx.settings(), place);
        return new Hop.Exchange(
                place.of(settings.source()), domain, new Route.Mx(settings, mx.internal()));
    }

    private Hop fixed(String route, Route.Fixed fixed) {
        SourceChoice.Place place = source -> SiteKey.ROUTE + path(route, fixed.settings(), source);
        Route.Hop settings = sources.by(fixed.settings(), place);
        return new Hop.Fixed(
                place.of(settings.source()),
                switch (fixed) {
                    case Route.Smarthost smart -> new Route.Smarthost(smart.peers(), settings);
                    case Route.Lmtp lmtp -> new Route.Lmtp(lmtp.peers(), settings);
                });
    }

    private static String path(String route, Route.Hop settings, Route.Source source) {
        return SiteKey.path(route, source.name(), settings.sources().size());
    }

    private Hop to(PolicySet rules, String via) {
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
        return new Hop.Fixed(SiteKey.VIA + host.peers().getFirst().at(), host);
    }
}

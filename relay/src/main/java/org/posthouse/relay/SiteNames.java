package org.posthouse.relay;

import org.posthouse.policy.Route;

import java.util.ArrayList;
import java.util.List;

/**
 * What a site is called by people: its route, and its hosts as far as they are known.
 *
 * @param route empty for a host that was chosen for a delivery
 * @param names of its hosts, with and without their port; of a domain whose exchangers are not
 *     known yet, the domain
 */
record SiteNames(String route, List<String> names) {
    private static final String MX = "mx ";
    private static final String ROUTE = "route ";
    private static final String VIA = "via ";
    private static final String FROM = " from ";

    /** As far as the key of a site tells: not the hosts of a route to fixed ones. */
    static SiteNames of(String key) {
        if (key.startsWith(MX)) {
            int at = key.endsWith("}") ? key.lastIndexOf(" {") : key.lastIndexOf(' ');
            String hosts = key.substring(at + 1);
            boolean isLocated = hosts.startsWith("{");
            return new SiteNames(
                    withoutSource(key.substring(MX.length(), Math.max(at, MX.length()))),
                    isLocated
                            ? List.of(hosts.substring(1, hosts.length() - 1).split("[ ,]"))
                            : List.of(hosts));
        }
        if (key.startsWith(ROUTE)) {
            return new SiteNames(withoutSource(key.substring(ROUTE.length())), List.of());
        }
        if (key.startsWith(VIA)) {
            String host = key.substring(VIA.length());
            return new SiteNames("", List.of(host, host.replaceFirst(":[0-9]+$", "")));
        }
        return new SiteNames("", List.of(key));
    }

    /** A route with several sources has a site for each. */
    private static String withoutSource(String route) {
        int at = route.lastIndexOf(FROM);
        return at < 0 ? route : route.substring(0, at);
    }

    /** The same of a hop, whose site has this key. */
    static SiteNames of(String key, Hop hop) {
        SiteNames told = of(key);
        if (!(hop instanceof Hop.Fixed fixed)) {
            return told;
        }
        List<String> names = new ArrayList<>(told.names());
        for (Route.Peer peer : fixed.via().peers()) {
            names.add(peer.at().toString());
            if (peer.at() instanceof Route.HostPort host) {
                names.add(host.host());
            }
        }
        return new SiteNames(told.route(), names);
    }
}

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
    /** As far as the key of a site tells: not the hosts of a route to fixed ones. */
    static SiteNames of(String text) {
        SiteKey key = SiteKey.of(text);
        List<String> names = new ArrayList<>();
        key.hosts().forEach(names::addAll);
        if (!key.target().isEmpty()) {
            names.add(key.target());
        }
        if (SiteKey.stripped(text).startsWith(SiteKey.VIA)) {
            names.add(key.target().replaceFirst(":[0-9]+$", ""));
        }
        return new SiteNames(key.route(), names);
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

package org.posthouse.relay;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the exchangers of domains lead: domains with the same ones share a site, and with it
 * connections, window and circuit. Learned whenever a domain is looked up, for some minutes; what
 * is not known is looked up at the domain's own site, which answers for the DNS alone. Guarded by
 * the dispatcher's lock.
 */
final class RollUp {
    /** Domains known at once; the one that was learned first is forgotten first. */
    static final int DOMAINS_MAX = 100_000;

    private static final long KEPT_MILLIS = Duration.ofMinutes(5).toMillis();

    private record Known(String site, long untilMillis) {}

    private final Map<String, Known> byDomainSite = new LinkedHashMap<>();

    /** The site that a domain's site leads to; itself when that is not known. */
    String siteOf(String domainSite, long nowMillis) {
        Known known = byDomainSite.get(domainSite);
        return known == null || known.untilMillis <= nowMillis ? domainSite : known.site;
    }

    /** The domain was looked up. */
    void learn(String domainSite, String site, long nowMillis) {
        byDomainSite.remove(domainSite);
        byDomainSite.put(domainSite, new Known(site, nowMillis + KEPT_MILLIS));
        if (byDomainSite.size() > DOMAINS_MAX) {
            byDomainSite.remove(byDomainSite.keySet().iterator().next());
        }
    }

    /** It could not be looked up. */
    void forget(String domainSite) {
        byDomainSite.remove(domainSite);
    }
}

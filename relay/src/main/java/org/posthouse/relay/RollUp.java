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

    /** As long for a site that can't be reached: what waits there is not looked up again for it. */
    private static final long KEPT_DEAD_MILLIS = Duration.ofHours(1).toMillis();

    private record Known(String site, long untilMillis) {}

    private final Map<String, Known> byDomainSite = new LinkedHashMap<>();

    /** The site that a domain's site leads to; itself when that is not known. */
    String siteOf(String domainSite, long nowMillis) {
        Known known = byDomainSite.get(domainSite);
        return known == null || known.untilMillis <= nowMillis ? domainSite : known.site;
    }

    /** The site that it led to within the last hour; itself when that is not known. */
    String lastSiteOf(String domainSite, long nowMillis) {
        Known known = byDomainSite.get(domainSite);
        if (known == null || nowMillis - known.untilMillis >= KEPT_DEAD_MILLIS - KEPT_MILLIS) {
            return domainSite;
        }
        return known.site;
    }

    /** The site that it ever led to; itself when that is not known. */
    String anySiteOf(String domainSite) {
        Known known = byDomainSite.get(domainSite);
        return known == null ? domainSite : known.site;
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

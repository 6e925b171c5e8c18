package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What waits for sites that can't be reached. Parked deliveries lie in the spool like all that
 * wait: each is given back until its site may be probed, so that whichever comes first is the
 * probe, and consumes neither attempts nor threads. Here are only names, so that they are woken as
 * soon as the site works: of a bounded number of deliveries, and for those beyond it, of a bounded
 * number of domains. What is not named comes at its instant. A name that is out of date does no
 * harm. Guarded by the dispatcher's lock.
 */
final class Parking {
    /** Deliveries known by name, of all sites together. */
    static final int PARKED_MAX = 10_000;

    /** The same, of one site. */
    static final int SITE_PARKED_MAX = 100;

    /** Domains of one site whose deliveries are woken all: each reads the queue's rows once. */
    static final int SITE_DOMAINS_MAX = 32;

    private final Map<DeliveryId, Site> places = new HashMap<>();

    /** Deliveries and domains to wake. */
    record Waiting(List<DeliveryId> deliveries, List<String> domains) {
        boolean isEmpty() {
            return deliveries.isEmpty() && domains.isEmpty();
        }
    }

    void park(Delivery delivery, Site site) {
        if (hasRoom(site)) {
            name(delivery.id(), delivery.domain(), site);
        } else if (site.domains().size() < SITE_DOMAINS_MAX) {
            site.domains().add(delivery.domain());
        }
    }

    /**
     * Parks what was the site's probe. It is not due before the next one, so that its domain's name
     * would not bring it: it takes another one's place, which is due.
     */
    void parkAsProbe(Delivery delivery, Site site) {
        if (!hasRoom(site) && !site.parked().isEmpty()) {
            DeliveryId other = site.parked().keySet().iterator().next();
            String domain = site.parked().get(other);
            Site unused = unpark(other);
            if (site.domains().size() < SITE_DOMAINS_MAX) {
                site.domains().add(domain);
            }
        }
        park(delivery, site);
    }

    private boolean hasRoom(Site site) {
        return places.size() < PARKED_MAX && site.parked().size() < SITE_PARKED_MAX;
    }

    private void name(DeliveryId id, String domain, Site site) {
        site.parked().put(id, domain);
        places.put(id, site);
    }

    /** It does not wait any more; returns where it did. */
    @Nullable Site unpark(DeliveryId id) {
        Site site = places.remove(id);
        if (site != null) {
            site.parked().remove(id);
        }
        return site;
    }

    /**
     * The site works: takes what waits for it, slowly.
     *
     * @param most deliveries by name; when none is left, one domain
     */
    Waiting release(Site site, int most) {
        List<DeliveryId> ids = site.parked().keySet().stream().limit(most).toList();
        List<String> domains = List.of();
        if (ids.isEmpty() && most > 0) {
            domains = site.domains().stream().limit(1).toList();
        }
        ids.forEach(this::unpark);
        domains.forEach(site.domains()::remove);
        return new Waiting(ids, domains);
    }

    /** The site is forgotten: takes what waits for it. */
    Waiting clear(Site site) {
        List<DeliveryId> ids = new ArrayList<>(site.parked().keySet());
        List<String> domains = new ArrayList<>(site.domains());
        ids.forEach(places::remove);
        site.parked().clear();
        site.domains().clear();
        return new Waiting(ids, domains);
    }

    /** Something is known to wait for the site. */
    boolean isWaitedFor(Site site) {
        return !site.parked().isEmpty() || !site.domains().isEmpty();
    }

    /** Deliveries known to wait. */
    int count() {
        return places.size();
    }
}

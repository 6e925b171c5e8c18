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
    record Waiting(List<DeliveryId> deliveries, List<String> domains) {}

    void park(Delivery delivery, Site site) {
        if (places.size() < PARKED_MAX && site.parked().size() < SITE_PARKED_MAX) {
            site.parked().add(delivery.id());
            places.put(delivery.id(), site);
        } else if (site.domains().size() < SITE_DOMAINS_MAX) {
            site.domains().add(delivery.domain());
        }
    }

    /** It does not wait any more; returns where it did. */
    @Nullable Site unpark(DeliveryId id) {
        Site site = places.remove(id);
        if (site != null) {
            site.parked().remove(id);
        }
        return site;
    }

    /** The site works, or is forgotten: takes what waits for it. */
    Waiting clear(Site site) {
        List<DeliveryId> ids = new ArrayList<>(site.parked());
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

package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.spool.QueuedDelivery;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which deliveries may be attempted before they are due, once they are taken: those whose site
 * works again, and those that an operator wants now. Bounded: the oldest wish is forgotten, so that
 * its delivery comes when it is due. Guarded by the dispatcher's lock.
 */
final class Wishes {
    /** Deliveries with a wish of their own. */
    static final int DELIVERIES_MAX = 20_000;

    /** Domains with one. */
    static final int DOMAINS_MAX = 1000;

    /** The wish for a domain ends after this: by then its deliveries were taken. */
    private static final long DOMAIN_MILLIS = Duration.ofMinutes(10).toMillis();

    /** What is wished. */
    enum Wish {
        /** Nothing. */
        NONE,
        /** An attempt, due or not. */
        SOON,
        /** The same, even if its site is known as unreachable. */
        PROBE
    }

    private final Map<DeliveryId, Wish> deliveries = new LinkedHashMap<>();

    /** Until when. */
    private final Map<String, Long> domains = new LinkedHashMap<>();

    void add(DeliveryId id, Wish wish) {
        deliveries.put(id, wish);
        bound(deliveries, DELIVERIES_MAX);
    }

    /** All deliveries of a domain that are taken in the next minutes. */
    void add(String domain, long nowMillis) {
        domains.remove(domain);
        domains.put(domain, nowMillis + DOMAIN_MILLIS);
        bound(domains, DOMAINS_MAX);
    }

    private static void bound(Map<?, ?> map, int most) {
        if (map.size() > most) {
            Iterator<?> oldest = map.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** What is wished of a delivery that was taken; its own wish is then fulfilled. */
    Wish take(QueuedDelivery delivery, long nowMillis) {
        Wish own = deliveries.remove(delivery.id());
        if (own != null) {
            return own;
        }
        Long until = domains.get(delivery.domain());
        if (until == null) {
            return Wish.NONE;
        }
        if (until <= nowMillis) {
            domains.remove(delivery.domain());
            return Wish.NONE;
        }
        return Wish.SOON;
    }
}

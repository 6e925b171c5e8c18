package org.posthouse.relay;

import org.posthouse.core.DeliveryId;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What operators want of deliveries and sites that are being taken care of. */
final class Interventions {
    private final DispatchLock lock;
    private final Sites sites;
    private final Placement placement;

    Interventions(DispatchLock lock, Sites sites, Placement placement) {
        this.lock = lock;
        this.sites = sites;
        this.placement = placement;
    }

    /** An operator wants it attempted when it is taken next. */
    void wish(DeliveryId id) {
        lock.lock();
        try {
            placement.wish(id);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The same for a domain.
     *
     * @param keys of the domain's sites
     */
    void wish(String domain, Set<String> keys) {
        lock.lock();
        try {
            placement.wish(domain, lock.now());
            keys.forEach(key -> placement.probe(sites.findLast(key), lock.now()));
        } finally {
            lock.unlock();
        }
    }

    /** An operator wants sites tried at once. */
    void wish(Set<String> keys) {
        lock.lock();
        try {
            keys.forEach(key -> placement.probe(sites.findLast(key), lock.now()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * These suspensions are in force from now on.
     *
     * @param ended what was before and is not any more
     * @return groups to defer: they waited at a site, are suspended, and can't wait longer
     */
    List<Attempt.Group> suspensions(SuspensionSet next, List<Suspension> ended) {
        List<Attempt.Group> deferred = new ArrayList<>(0);
        lock.lock();
        try {
            placement.suspensions(next, ended, lock.now(), deferred);
        } finally {
            lock.unlock();
        }
        return deferred;
    }

    /**
     * What was learnt of sites, in the order of their keys.
     *
     * @param cleared it is taken back
     */
    List<Learned> learned(Destination of, boolean cleared) {
        List<Learned> learned = new ArrayList<>();
        Set<Allowance> told = new HashSet<>();
        lock.lock();
        try {
            Moment now = lock.now();
            for (Site site : meant(of)) {
                site.addLearned(now, learned);
                if (told.add(site.allowance())) {
                    site.addLearnedRate(now, learned);
                }
                if (cleared) {
                    placement.clear(site, now);
                }
            }
        } finally {
            lock.unlock();
        }
        return learned;
    }

    /**
     * How it stands with domains, by a look-up of each of their sites.
     *
     * @param keys of the sites of each
     * @return in the same order; without those whose sites are not known
     */
    Map<String, Standing> standings(Map<String, Set<String>> keys) {
        Map<String, Standing> standings = new LinkedHashMap<>();
        lock.lock();
        try {
            Moment now = lock.now();
            keys.forEach(
                    (domain, each) -> {
                        Set<Site> known = known(each);
                        if (!known.isEmpty()) {
                            standings.put(domain, Standing.of(known, now));
                        }
                    });
        } finally {
            lock.unlock();
        }
        return standings;
    }

    /** Next hops only: the store has no connections. */
    private Set<Site> known(Set<String> keys) {
        Set<Site> known = new LinkedHashSet<>();
        for (String key : keys) {
            Site site = sites.findLast(key);
            if (site != null && !site.isStore()) {
                known.add(site);
            }
        }
        return known;
    }

    private List<Site> meant(Destination destination) {
        Set<String> ledTo = new HashSet<>();
        destination.keys().forEach(key -> ledTo.add(sites.rollUp().anySiteOf(key)));
        return sites.all().stream()
                .filter(site -> ledTo.contains(site.key()) || destination.has(site.key()))
                .sorted(Comparator.comparing(Site::key))
                .toList();
    }

    /** An operator changed it: it does not wait for a site any more. */
    void unpark(DeliveryId id) {
        lock.lock();
        try {
            placement.unpark(id);
        } finally {
            lock.unlock();
        }
    }
}

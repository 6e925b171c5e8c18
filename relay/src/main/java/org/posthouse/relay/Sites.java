package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.policy.Route;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All sites, with the workers of all: a bounded number. Sites that need one more than there may be
 * wait in line; workers that idle elsewhere then make room. Guarded by the dispatcher's lock.
 */
final class Sites {
    /** Connections to next hops and writers to the store, all sites together. */
    static final int WORKERS_MAX = 1000;

    /** Sites remembered before those that hold nothing are forgotten. */
    private static final int SITES_KEPT = 1000;

    /** Sites remembered at most; then those where nothing runs start anew, reachable or not. */
    private static final int SITES_MAX = 100_000;

    private final RelaySettings settings;
    private final Consumer<Site> hire;
    private final int workersMax;
    private final Parking parking;
    private final Map<String, Site> byKey = new HashMap<>();
    private final Set<Worker> idle = new LinkedHashSet<>();
    private final Set<Site> inLine = new LinkedHashSet<>();
    private final ProbeBudget budget = new ProbeBudget(ProbeBudget.PER_SECOND);
    private final RollUp rollUp = new RollUp();
    private int keptMax = SITES_KEPT;
    private int workers;

    /**
     * None yet.
     *
     * @param parking names what waits for them
     * @param hire starts a worker for a site; must not block
     */
    Sites(RelaySettings settings, int workersMax, Parking parking, Consumer<Site> hire) {
        this.settings = settings;
        this.workersMax = workersMax;
        this.parking = parking;
        this.hire = hire;
    }

    /** The site that a hop's site leads to; null when it is not known. */
    @Nullable Site find(String key, long nowMillis) {
        return byKey.get(leadsTo(key, nowMillis));
    }

    /** The site that a hop's site leads to, or led to when it was looked up last. */
    @Nullable Site findLast(String key) {
        return byKey.get(rollUp.anySiteOf(key));
    }

    /** The key of the site that a hop's site leads to, as far as that is known. */
    String leadsTo(String key, long nowMillis) {
        String fresh = rollUp.siteOf(key, nowMillis);
        if (!fresh.equals(key)) {
            return fresh;
        }
        String last = rollUp.lastSiteOf(key, nowMillis);
        Site site = byKey.get(last);
        return site != null && !site.circuit().isClosed() ? last : key;
    }

    /** The site with this very key; null when it is not known. */
    @Nullable Site known(String key) {
        return byKey.get(key);
    }

    List<Site> all() {
        return new ArrayList<>(byKey.values());
    }

    /** Where the exchangers of domains lead. */
    RollUp rollUp() {
        return rollUp;
    }

    /** The site where a hop's connections are, as far as known, with its present settings. */
    Site of(Hop hop, long nowMillis) {
        return of(leadsTo(hop.site(), nowMillis), hop, nowMillis);
    }

    /** The site where a hop's domain is looked up. */
    Site ownOf(Hop hop, long nowMillis) {
        return of(hop.site(), hop, nowMillis);
    }

    private Site of(String key, Hop hop, long nowMillis) {
        Site site = byKey.get(key);
        if (site == null) {
            forget(nowMillis);
            site = new Site(key, hop instanceof Hop.Store ? 1 : Worker.GROUPS_EACH, budget);
            byKey.put(key, site);
        }
        switch (hop) {
            case Hop.Store here -> site.settings(settings.localConnections(), 0, nowMillis);
            case Hop.Exchange exchange -> set(site, exchange.via().settings(), nowMillis);
            case Hop.Fixed fixed -> set(site, fixed.settings(), nowMillis);
            case Hop.Nowhere nowhere -> site.settings(1, 0, nowMillis);
        }
        return site;
    }

    private static void set(Site site, Route.Hop by, long nowMillis) {
        site.settings(by.connectionsMax(), by.messagesPerMinute(), nowMillis);
    }

    /** Those that can't be reached. */
    List<DeadSites.Dead> dead() {
        List<DeadSites.Dead> dead = new ArrayList<>();
        for (Site site : byKey.values()) {
            SiteCircuit circuit = site.circuit();
            if (circuit.probes() > 0) {
                dead.add(
                        new DeadSites.Dead(
                                site.key(),
                                circuit.probes(),
                                circuit.downSinceMillis(),
                                circuit.untilMillis()));
            }
        }
        dead.sort(Comparator.comparing(DeadSites.Dead::site));
        return dead;
    }

    /** One could not be reached when we stopped. */
    void restore(DeadSites.Dead dead, long untilMillis) {
        var site = new Site(dead.site(), Worker.GROUPS_EACH, budget);
        site.circuit().restore(dead.probes(), dead.sinceMillis(), untilMillis);
        byKey.put(dead.site(), site);
    }

    private void forget(long nowMillis) {
        if (byKey.size() >= keptMax) {
            forgetIf(each -> each.isForgettable(nowMillis));
            if (byKey.size() >= SITES_MAX) {
                forgetIf(Site::isQuiet);
            }
            keptMax = Math.clamp(2L * byKey.size(), SITES_KEPT, SITES_MAX);
        }
    }

    private void forgetIf(Predicate<Site> isForgotten) {
        Iterator<Site> all = byKey.values().iterator();
        while (all.hasNext()) {
            Site site = all.next();
            if (isForgotten.test(site)) {
                Parking.Waiting unused = parking.clear(site);
                all.remove();
            }
        }
    }

    /** True if the site was not forgotten. */
    boolean holds(Site site) {
        return site.equals(byKey.get(site.key()));
    }

    /** Gets a worker for what waits at a site: an idle one, a new one, or a place in line. */
    void wake(Site site, long nowMillis) {
        Worker waiting = site.idle().peekLast();
        if (waiting != null) {
            if (waiting.isTimed() && site.rate().nextMillis(nowMillis) > nowMillis) {
                return;
            }
            unidle(waiting);
            waiting.wake();
        } else if (site.wantsWorker(nowMillis)) {
            if (workers < workersMax) {
                hire(site, nowMillis);
            } else {
                inLine.add(site);
                makeRoom();
            }
        }
    }

    private void hire(Site site, long nowMillis) {
        workers++;
        site.workerStarted(nowMillis);
        hire.accept(site);
    }

    /** A worker without a connection goes to another site if there is room; false otherwise. */
    boolean transfer(Worker worker, Site to, long nowMillis) {
        if (!to.isOpenFor(nowMillis) || !to.takesWorker()) {
            return false;
        }
        worker.site().workerEnded();
        to.workerStarted(nowMillis);
        worker.goesTo(to);
        return true;
    }

    private void makeRoom() {
        if (!idle.isEmpty()) {
            Worker oldest = idle.iterator().next();
            unidle(oldest);
            oldest.wake();
        }
    }

    /** True when another site waits for a worker. */
    boolean isCrowded() {
        return !inLine.isEmpty();
    }

    void idle(Worker worker) {
        worker.site().idle().addLast(worker);
        idle.add(worker);
    }

    /** True if it idled. */
    boolean unidle(Worker worker) {
        return idle.remove(worker) && worker.site().idle().remove(worker);
    }

    /** A worker is not one any more. */
    void ended(Worker worker, long nowMillis) {
        unidle(worker);
        if (!worker.isCounted()) {
            return;
        }
        worker.uncount();
        workers--;
        worker.site().workerEnded();
        if (worker.takeConnected()) {
            worker.site().disconnected();
        }
        while (workers < workersMax && !inLine.isEmpty()) {
            Site next = inLine.iterator().next();
            inLine.remove(next);
            if (next.wantsWorker(nowMillis)) {
                hire(next, nowMillis);
            }
        }
    }

    /** Wakes who idles; returns all groups that wait. */
    List<Attempt.Group> stop() {
        List<Attempt.Group> waiting = new ArrayList<>();
        inLine.clear();
        Deque<Worker> awake = new ArrayDeque<>(idle);
        idle.clear();
        for (Site site : byKey.values()) {
            site.idle().clear();
            waiting.addAll(site.clearQueue());
        }
        awake.forEach(Worker::wake);
        return waiting;
    }

    int connections() {
        int connections = 0;
        for (Site site : byKey.values()) {
            connections += site.established();
        }
        return connections;
    }
}

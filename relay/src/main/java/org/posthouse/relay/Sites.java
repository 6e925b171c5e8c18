package org.posthouse.relay;

import org.jspecify.annotations.Nullable;

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
    private final Site.Shares shares;
    private final Consumer<Site> hire;
    private final Parking parking;
    private final Map<String, Site> byKey = new HashMap<>();
    private final Set<Worker> idle = new LinkedHashSet<>();
    private final Set<Site> inLine = new LinkedHashSet<>();
    private final ProbeBudget budget = new ProbeBudget(ProbeBudget.PER_SECOND);
    private final RollUp rollUp = new RollUp();
    private int keptMax = SITES_KEPT;
    private int workers;

    /** Of these, those that part from their hosts. */
    private int leaving;

    /**
     * None yet.
     *
     * @param parking names what waits for them
     * @param hire starts a worker for a site; must not block
     * @param circuits is told their changes
     */
    Sites(RelaySettings settings, Parking parking, Consumer<Site> hire, Site.Circuits circuits) {
        this.settings = settings;
        var streams = new Streams(new Tenants(settings.sharing().tenants()));
        var common = Site.Common.of(settings.sharing().total(), 0);
        var providers = new Providers(settings.sharing().providers());
        shares = new Site.Shares(streams, providers, common, circuits);
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
    Site of(Hop hop, Moment now) {
        return of(leadsTo(hop.site(), now.steady()), hop, now);
    }

    /** The site where a hop's domain is looked up. */
    Site ownOf(Hop hop, Moment now) {
        return of(hop.site(), hop, now);
    }

    private Site of(String key, Hop hop, Moment now) {
        Site site = byKey.get(key);
        if (site == null) {
            forget(now.steady());
            site = new Site(key, hop instanceof Hop.Store ? 1 : Worker.GROUPS_EACH, budget, shares);
            byKey.put(key, site);
        }
        Site.Bounds bounds =
                switch (hop) {
                    case Hop.Store here -> Site.Bounds.of(settings.localConnections());
                    case Hop.Exchange to -> Site.Bounds.of(to.via().settings());
                    case Hop.Fixed to -> Site.Bounds.of(to.via().settings());
                    case Hop.Nowhere nowhere -> Site.Bounds.of(1);
                };
        site.settings(bounds, now);
        return site;
    }

    /** What a restart should know of them. */
    List<KnownSites.Fact> known(Moment now) {
        List<KnownSites.Fact> facts = new ArrayList<>();
        byKey.values().forEach(site -> site.addFacts(now, facts));
        facts.sort(
                Comparator.comparing(KnownSites.Fact::site)
                        .thenComparing(fact -> fact.getClass().getSimpleName()));
        return facts;
    }

    /**
     * It was so when we stopped.
     *
     * @param untilMillis no probe of a dead one before
     */
    void restore(KnownSites.OfHosts fact, long untilMillis, Moment now) {
        byKey.computeIfAbsent(fact.site(), key -> new Site(key, Worker.GROUPS_EACH, budget, shares))
                .restore(fact, untilMillis, now);
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
            if (waiting.isTimed() && waiting.nextMillis(nowMillis) > nowMillis) {
                return;
            }
            unidle(waiting);
            waiting.wake();
        } else if (site.wantsWorker(nowMillis)) {
            if (workers < WORKERS_MAX && site.allowance().hasRoom()) {
                hire(site, nowMillis);
            } else {
                if (inLine.add(site)) {
                    site.allowance().waits(1);
                }
                makeRoom(site);
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

    /** The worker that idles for longest ends, if that is of use to a site in line. */
    private void makeRoom(Site site) {
        boolean isOwn = !site.allowance().hasRoom();
        for (Worker each : idle) {
            if (!isOwn || each.site().allowance().equals(site.allowance())) {
                unidle(each);
                each.wake();
                return;
            }
        }
    }

    /** True when another site waits for a worker, and one of this site's would make room. */
    boolean isCrowded(Site site) {
        boolean full = workers >= WORKERS_MAX || site.allowance().isWaitedFor();
        return full && leaving < inLine.size();
    }

    /** Those that have the same allowance, this one with them. */
    List<Site> sharing(Site site) {
        Allowance shared = site.allowance();
        if (shared.name().isEmpty()) {
            return List.of(site);
        }
        return byKey.values().stream().filter(each -> each.allowance().equals(shared)).toList();
    }

    void idle(Worker worker) {
        worker.site().idle().addLast(worker);
        idle.add(worker);
    }

    /** True if it idled. */
    boolean unidle(Worker worker) {
        return idle.remove(worker) && worker.site().idle().remove(worker);
    }

    /** A worker takes nothing more; there may be one more of them when it has ended. */
    void leaves(Worker worker) {
        unidle(worker);
        if (!worker.isCounted()) {
            return;
        }
        worker.uncount();
        worker.pass().drop();
        worker.site().workerLeaves();
        leaving++;
    }

    /** A worker is not one any more, and has no connection. */
    void ended(Worker worker, long nowMillis) {
        leaves(worker);
        if (!worker.takeStanding()) {
            return;
        }
        workers--;
        leaving--;
        worker.site().workerLeft();
        if (worker.takeConnected()) {
            worker.site().disconnected();
        }
        Iterator<Site> line = inLine.iterator();
        while (workers < WORKERS_MAX && line.hasNext()) {
            Site next = line.next();
            if (next.allowance().hasRoom()) {
                line.remove();
                next.allowance().waits(-1);
                if (next.wantsWorker(nowMillis)) {
                    hire(next, nowMillis);
                }
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

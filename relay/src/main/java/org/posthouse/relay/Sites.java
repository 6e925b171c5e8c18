package org.posthouse.relay;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All sites, with the workers of all: a bounded number. Sites that need one more than there may be
 * wait in line; workers that idle elsewhere then make room. Guarded by the dispatcher's lock.
 */
final class Sites {
    /** Connections to next hops and writers to the store, all sites together. */
    static final int WORKERS_MAX = 1000;

    /** Sites remembered before those that hold nothing are forgotten. */
    private static final int SITES_KEPT = 1000;

    private record Alarm(long atMillis, Site site) {}

    private final RelaySettings settings;
    private final Consumer<Site> hire;
    private final int workersMax;
    private final Map<String, Site> byKey = new HashMap<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Alarm::atMillis));
    private final Set<Worker> idle = new LinkedHashSet<>();
    private final Set<Site> inLine = new LinkedHashSet<>();
    private int keptMax = SITES_KEPT;
    private int workers;

    /**
     * None yet.
     *
     * @param hire starts a worker for a site; must not block
     */
    Sites(RelaySettings settings, int workersMax, Consumer<Site> hire) {
        this.settings = settings;
        this.workersMax = workersMax;
        this.hire = hire;
    }

    /** The site of a hop, with the hop's present settings. */
    Site of(Hop hop, long nowMillis) {
        Site site = byKey.get(hop.site());
        if (site == null) {
            forget(nowMillis);
            site = new Site(hop.site(), hop instanceof Hop.Store ? 1 : Worker.GROUPS_EACH);
            byKey.put(hop.site(), site);
        }
        site.connectionsMax(
                switch (hop) {
                    case Hop.Store here -> settings.localConnections();
                    case Hop.Exchange exchange -> exchange.via().settings().connectionsMax();
                    case Hop.Fixed fixed -> fixed.settings().connectionsMax();
                    case Hop.Nowhere nowhere -> 1;
                });
        return site;
    }

    private void forget(long nowMillis) {
        if (byKey.size() >= keptMax) {
            byKey.values().removeIf(each -> !each.isArmed() && each.isForgettable(nowMillis));
            keptMax = Math.max(SITES_KEPT, 2 * byKey.size());
        }
    }

    /** True if the site was not forgotten. */
    boolean holds(Site site) {
        return site.equals(byKey.get(site.key()));
    }

    /** Gets a worker for what waits at a site: an idle one, a new one, or a place in line. */
    void wake(Site site, long nowMillis) {
        Worker waiting = site.idle().pollLast();
        if (waiting != null) {
            idle.remove(waiting);
            waiting.wake();
        } else if (site.wantsWorker(nowMillis)) {
            if (workers < workersMax) {
                hire(site);
            } else {
                inLine.add(site);
                makeRoom();
            }
        }
    }

    private void hire(Site site) {
        workers++;
        site.workerStarted();
        hire.accept(site);
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
                hire(next);
            }
        }
    }

    /** The site is looked at, not later than at this instant. */
    void arm(Site site, long atMillis) {
        if (!site.isArmed() || atMillis < site.armedAtMillis()) {
            site.arm(atMillis);
            alarms.add(new Alarm(atMillis, site));
        }
    }

    /** A site that is to be looked at now; null when there is none. */
    @Nullable Site alarmed(long nowMillis) {
        Alarm first = alarms.peek();
        while (first != null && first.atMillis() <= nowMillis) {
            alarms.remove();
            Site site = first.site();
            if (site.isArmed() && site.armedAtMillis() == first.atMillis()) {
                site.disarm();
                return site;
            }
            first = alarms.peek();
        }
        return null;
    }

    /** The earliest instant given to {@link #arm}. */
    long nextAlarm() {
        Alarm first = alarms.peek();
        return first == null ? Scheduler.NEVER : first.atMillis();
    }

    /** Takes a parked delivery out; with {@code probe}, its site is tried now. */
    void unpark(Delivery delivery, boolean probe) {
        for (Site site : byKey.values()) {
            if (site.parked().remove(delivery) && probe) {
                site.circuit().probeNow();
            }
        }
    }

    /** Wakes who idles, drops what waits; returns groups some of whose recipients are done. */
    List<Attempt.Group> stop() {
        List<Attempt.Group> touched = new ArrayList<>();
        inLine.clear();
        Deque<Worker> awake = new ArrayDeque<>(idle);
        idle.clear();
        for (Site site : byKey.values()) {
            site.idle().clear();
            for (Attempt.Group group : site.clearQueue()) {
                if (!group.attempt().isUntouched()) {
                    touched.add(group);
                }
            }
        }
        awake.forEach(Worker::wake);
        return touched;
    }

    int connections() {
        int connections = 0;
        for (Site site : byKey.values()) {
            connections += site.established();
        }
        return connections;
    }
}

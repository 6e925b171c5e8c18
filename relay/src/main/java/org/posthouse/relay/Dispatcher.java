package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Reply;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The one place that knows where every delivery stands that the spool gave out, under one lock.
 * Threads come to it for work and tell it what became of it; it starts workers through {@code
 * hire}. It does no I/O. What is given back leaves it under the lock and gets to the spool right
 * behind it: so a delivery is never in two places.
 */
final class Dispatcher {
    /** Taken from the spool at once. */
    private static final int TAKE_MAX = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Moment.Clock clock;
    private final Returns returns;
    private final Signal room;
    private final OutSet out;
    private final Sites sites;
    private final Placement placement;
    private final RetrySchedule schedule;
    private final Signal changed;
    private final int takeMin;
    private boolean starved;

    /**
     * Makes one.
     *
     * @param returns told behind the lock what was given back under it
     * @param hire starts a worker for a site; called under the lock, must not block
     */
    Dispatcher(
            TimeSource time,
            RetrySchedule schedule,
            RelaySettings settings,
            Returns returns,
            Consumer<Site> hire) {
        clock = new Moment.Clock(time);
        this.returns = returns;
        this.schedule = schedule;
        room = time.signal();
        changed = time.signal();
        out = new OutSet(settings.activeMax());
        var parking = new Parking();
        sites = new Sites(settings, Sites.WORKERS_MAX, parking, hire);
        placement = new Placement(schedule, returns, out, sites, parking);
        takeMin = Math.clamp(out.max() / 4, 1, TAKE_MAX);
    }

    /** Ends what began with {@code lock.lock()}. */
    private void unlock() {
        Returns.Batch batch = returns.take();
        lock.unlock();
        returns.tell(batch);
    }

    /**
     * Waits until more may be taken from the spool: not for each single one, so that many are taken
     * at once. One thread calls it.
     *
     * @return how many; 0 when it is stopping
     */
    int awaitRoom() throws InterruptedException {
        while (true) {
            lock.lock();
            try {
                if (placement.isStopping()) {
                    return 0;
                }
                if (out.room() >= takeMin) {
                    return Math.min(out.room(), TAKE_MAX);
                }
                starved = true;
            } finally {
                unlock();
            }
            boolean unused = room.await(Deadline.NEVER);
        }
    }

    private void feed() {
        if (starved && out.room() >= takeMin) {
            starved = false;
            room.raise();
        }
    }

    /** Deliveries were taken from the spool; returns those to launch, all others go back. */
    List<Delivery> arrived(List<Arrival> arrivals) {
        List<Delivery> launch = new ArrayList<>(arrivals.size());
        lock.lock();
        try {
            Moment now = now();
            for (Arrival arrival : arrivals) {
                Delivery delivery = placement.arrived(arrival, now);
                if (delivery.state() == Delivery.State.ACTIVE) {
                    launch.add(delivery);
                }
            }
        } finally {
            unlock();
        }
        return launch;
    }

    /**
     * Routed groups go to their sites. Those of a site that can't be reached are parked.
     *
     * @return groups that can't wait and are to be deferred: the other groups of their attempt were
     *     or will be attempted, or it is time to warn or to expire
     */
    List<Attempt.Group> offer(List<Attempt.Group> groups) {
        List<Attempt.Group> unreachable = new ArrayList<>(0);
        lock.lock();
        try {
            Moment now = now();
            for (Attempt.Group group : groups) {
                placement.offer(group, now, unreachable);
            }
            feed();
        } finally {
            unlock();
        }
        return unreachable;
    }

    /**
     * The next group for a worker; waits for one while its connection may stay open.
     *
     * @return null when the worker has to end: it is not counted any more
     */
    Attempt.@Nullable Group next(Worker worker) throws InterruptedException {
        while (true) {
            long pauseMillis;
            lock.lock();
            try {
                Attempt.Group group = poll(worker);
                if (group != null || !worker.isCounted()) {
                    return group;
                }
                pauseMillis = placement.pauseMillis(worker, now());
                worker.timed(pauseMillis > 0);
            } finally {
                unlock();
            }
            if (pauseMillis > 0) {
                worker.awaitTurn(Duration.ofMillis(pauseMillis));
            } else if (!worker.awaitWork() && leave(worker)) {
                return null;
            }
        }
    }

    /** The group that waits first, if it goes to this hop; null for none. */
    Attempt.@Nullable Group more(Worker worker, Hop hop) {
        lock.lock();
        try {
            Site site = worker.site();
            takeAnswered(worker);
            Attempt.Group first = site.queue().peek(now().steady());
            return first != null && first.hop().sharesWith(hop)
                    ? placement.next(worker, now())
                    : null;
        } finally {
            unlock();
        }
    }

    /**
     * A worker could not bring these to an end; they are attempted next.
     *
     * @return those that can't be: it is stopping
     */
    List<Attempt.Group> again(Worker worker, List<Attempt.Group> groups) {
        lock.lock();
        try {
            if (placement.isStopping() || worker.site().rate().isSuspended(now().steady())) {
                return groups;
            }
            Site site = worker.site();
            Moment now = now();
            Predicate<Attempt.Group> held = each -> placement.isSuspended(each, site, now);
            groups.reversed().stream().filter(held.negate()).forEach(site.queue()::addFirst);
            return groups.stream().filter(held).toList();
        } finally {
            unlock();
        }
    }

    /** Recipients of a group are left for its next turn; false when there will be none. */
    boolean resume(Worker worker, Attempt.Group group) {
        lock.lock();
        try {
            Site site = worker.site();
            boolean ends =
                    placement.isStopping()
                            || site.rate().isSuspended(now().steady())
                            || placement.isSuspended(group, site, now());
            if (!ends) {
                site.queue().resume(group);
            }
            return !ends;
        } finally {
            unlock();
        }
    }

    /** Null when there is none: the worker then idles, or has ended. */
    private Attempt.@Nullable Group poll(Worker worker) {
        Site site = worker.site();
        boolean unused = sites.unidle(worker);
        takeAnswered(worker);
        boolean yields = worker.hasHadItsTurn() && sites.isCrowded(site);
        Attempt.Group group = yields ? null : placement.next(worker, now());
        if (yields) {
            sites.ended(worker, now().steady());
            placement.wake(site, now());
            return null;
        }
        if (group == null && sites.isCrowded(site)) {
            placement.putOff(site, now());
        }
        if (group != null) {
            worker.took();
            if (site.idle().isEmpty()) {
                placement.wake(site, now());
            }
        } else if (placement.isStopping()
                || (site.queue().isEmpty() && (sites.isCrowded(site) || !worker.mayIdle()))) {
            sites.ended(worker, now().steady());
        } else {
            sites.idle(worker);
        }
        return group;
    }

    private void takeAnswered(Worker worker) {
        int answered = worker.takeAnswered();
        if (answered > 0) {
            Moment now = now();
            if (!worker.site().circuit().isClosed()) {
                changed.raise();
            }
            int delivered = worker.takeDelivered();
            worker.site().rate().delivered(delivered, now.steady());
            worker.takeTimes().forEach(took -> worker.site().took(took, now.steady()));
            placement.works(worker.site(), delivered, now);
            placement.wake(worker.site(), now);
        }
    }

    /** The idle time is over; false when work came just then. */
    private boolean leave(Worker worker) {
        lock.lock();
        try {
            boolean idled = sites.unidle(worker);
            if (idled) {
                sites.ended(worker, now().steady());
            }
            return idled;
        } finally {
            unlock();
        }
    }

    /** A worker ends for another reason than the end of its work. */
    void gone(Worker worker) {
        lock.lock();
        try {
            sites.ended(worker, now().steady());
            placement.wake(worker.site(), now());
        } finally {
            unlock();
        }
    }

    /**
     * A worker without a connection found where its hop leads.
     *
     * @param at the key of the site
     * @return true when the worker is there; false when its group has to be {@link #moved}
     */
    boolean located(Worker worker, Hop hop, String at) {
        lock.lock();
        try {
            return placement.located(worker, hop, at, now());
        } finally {
            unlock();
        }
    }

    /** The DNS said for good where a hop leads: nowhere. */
    void lookedUp(Hop hop) {
        lock.lock();
        try {
            placement.lookedUp(hop, now());
        } finally {
            unlock();
        }
    }

    /**
     * A group goes to the site of its hop, as far as that is known now.
     *
     * @return groups that can't wait and are to be deferred
     */
    List<Attempt.Group> moved(Attempt.Group group) {
        return offer(List.of(group));
    }

    void connected(Worker worker) {
        lock.lock();
        try {
            if (worker.putConnected()) {
                worker.site().connected();
            }
        } finally {
            unlock();
        }
    }

    /** A worker tried to connect so often. */
    void dialed(Worker worker, int times) {
        lock.lock();
        try {
            for (int i = 0; i < times; i++) {
                List<CommonRate> rates = worker.site().common().connections();
                worker.pass().connected(rates, now().steady());
            }
        } finally {
            unlock();
        }
    }

    void disconnected(Worker worker) {
        lock.lock();
        try {
            if (worker.takeConnected()) {
                worker.site().disconnected();
            }
        } finally {
            unlock();
        }
    }

    /**
     * A worker could reach no host of its site.
     *
     * @return groups to defer, the worker's own with them; empty when it went back into the queue
     */
    List<Attempt.Group> unreachable(
            Worker worker, Attempt.Group group, Carrier.Result.Unreachable why) {
        List<Attempt.Group> deferred = new ArrayList<>();
        lock.lock();
        try {
            placement.unreachable(worker.site(), group, why, now(), deferred);
            changed.raise();
            feed();
        } finally {
            unlock();
        }
        return deferred;
    }

    /**
     * A host said to a worker that we are too fast.
     *
     * @return groups to defer: the site is suspended, and they can't wait
     */
    List<Attempt.Group> complained(Worker worker, Reply reply) {
        List<Attempt.Group> deferred = new ArrayList<>(0);
        lock.lock();
        try {
            takeAnswered(worker);
            placement.complained(worker.site(), reply, now(), deferred);
            changed.raise();
            feed();
        } finally {
            unlock();
        }
        return deferred;
    }

    /**
     * Its outcome is on the way to the disk.
     *
     * @param advised its hook said when and where to try again
     */
    void settling(Delivery delivery, boolean advised) {
        lock.lock();
        try {
            if (advised) {
                delivery.unreachable(null);
            }
            if (delivery.state() == Delivery.State.ACTIVE) {
                delivery.enter(Delivery.State.SETTLING);
            }
        } finally {
            unlock();
        }
    }

    /** These are durable now. */
    void settled(List<Settling> batch) {
        lock.lock();
        try {
            for (Settling each : batch) {
                if (each.settlement().isDone()) {
                    boolean unused = out.leave(each.delivery(), Delivery.State.GONE);
                } else {
                    placement.deferred(each.delivery(), each.settlement().progress(), now());
                }
            }
            feed();
        } finally {
            unlock();
        }
    }

    /** Back as it came, but not before this time has passed: nothing became of it. */
    void putBack(Delivery delivery, Duration notBefore) {
        lock.lock();
        try {
            long earliest = now().wall() + notBefore.toMillis();
            placement.back(delivery, Math.max(earliest, delivery.wakeMillis()));
            feed();
        } finally {
            unlock();
        }
    }

    /** An operator wants it attempted when it is taken next. */
    void wish(DeliveryId id) {
        lock.lock();
        try {
            placement.wish(id);
        } finally {
            unlock();
        }
    }

    /**
     * The same for a domain.
     *
     * @param key of the domain's site; empty if its domain does not tell
     */
    void wish(String domain, String key) {
        lock.lock();
        try {
            placement.wish(domain, sites.findLast(key), now());
        } finally {
            unlock();
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
            placement.suspensions(next, ended, now(), deferred);
            feed();
        } finally {
            unlock();
        }
        return deferred;
    }

    /** Where a hop's site leads, or led when it was looked up last. */
    SourceChoice.At at(String hopSite) {
        lock.lock();
        try {
            String key = sites.rollUp().anySiteOf(hopSite);
            Site site = sites.known(key);
            boolean suspended = site != null && site.rate().isSuspended(now().steady());
            return new SourceChoice.At(key, suspended);
        } finally {
            unlock();
        }
    }

    /** An operator wants a site tried at once; empty for none. */
    void wishSite(String key) {
        lock.lock();
        try {
            placement.wish(sites.findLast(key), now());
        } finally {
            unlock();
        }
    }

    /** An operator changed it: it does not wait for a site any more. */
    void unpark(DeliveryId id) {
        lock.lock();
        try {
            placement.unpark(id);
        } finally {
            unlock();
        }
    }

    /**
     * Starts no more attempts; wakes who idles, and who waits for room.
     *
     * @return groups that waited
     */
    List<Attempt.Group> stop() {
        lock.lock();
        try {
            room.raise();
            return placement.stop();
        } finally {
            unlock();
        }
    }

    /** At the end: gives back what is left, whoever still has it. */
    void giveBackAll() {
        lock.lock();
        try {
            out.all().forEach(each -> placement.back(each, each.wakeMillis()));
        } finally {
            unlock();
        }
    }

    /** Raised when something is learned of a site, or is not so any more. */
    Signal changed() {
        return changed;
    }

    /** What is known of sites. */
    List<KnownSites.Fact> known() {
        lock.lock();
        try {
            return sites.known(now());
        } finally {
            unlock();
        }
    }

    /** What was known at the last end; before anything is taken. */
    void restore(List<KnownSites.Fact> facts) {
        lock.lock();
        try {
            Moment now = now();
            for (KnownSites.Fact fact : facts) {
                long until =
                        fact instanceof KnownSites.Dead dead
                                ? schedule.restoredMillis(dead.untilMillis(), now.wall())
                                : now.wall();
                if (fact instanceof KnownSites.OfHosts ofHosts) {
                    sites.restore(ofHosts, until, now);
                }
            }
        } finally {
            unlock();
        }
    }

    /**
     * How much is where.
     *
     * @param deliveries not done
     * @param held of these
     */
    RelayCounts counts(long deliveries, long held) {
        lock.lock();
        try {
            return new RelayCounts(
                    deliveries, out.count(), placement.parkedCount(), held, sites.connections());
        } finally {
            unlock();
        }
    }

    private Moment now() {
        return clock.now();
    }
}

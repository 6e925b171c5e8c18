package org.posthouse.relay;

import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one place that knows where every delivery stands that the spool gave out, under one lock.
 * Threads come to it with work and tell it what became of it; workers come to its {@link Turns},
 * which has what they may do, and operators to its {@link Interventions}. It starts workers through
 * {@code hire}. It does no I/O. What is given back leaves it under the lock and gets to the spool
 * right behind it: so a delivery is never in two places.
 */
final class Dispatcher {
    private final DispatchLock lock;
    private final Room room;
    private final OutSet out;
    private final Sites sites;
    private final Placement placement;
    private final RetrySchedule schedule;
    private final Signal changed;
    private final Turns turns;
    private final Interventions interventions;

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
        this.schedule = schedule;
        changed = time.signal();
        out = new OutSet(settings.activeMax());
        room = new Room(out, time.signal());
        lock = new DispatchLock(new Moment.Clock(time), returns, room);
        var parking = new Parking();
        sites =
                new Sites(
                        settings,
                        parking,
                        hire,
                        (site, before, after) ->
                                returns.fact(site.event(lock.now(), before, after)));
        placement = new Placement(schedule, returns, out, sites, parking);
        turns = new Turns(lock, sites, placement, changed);
        interventions = new Interventions(lock, sites, placement);
    }

    /** Where workers come for work. */
    Turns turns() {
        return turns;
    }

    /** What operators may do. */
    Interventions interventions() {
        return interventions;
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
                int most = room.most();
                if (placement.isStopping() || most > 0) {
                    return placement.isStopping() ? 0 : most;
                }
            } finally {
                lock.unlock();
            }
            room.await();
        }
    }

    /** Deliveries were taken from the spool; returns those to launch, all others go back. */
    List<Delivery> arrived(List<Arrival> arrivals) {
        List<Delivery> launch = new ArrayList<>(arrivals.size());
        lock.lock();
        try {
            Moment now = lock.now();
            for (Arrival arrival : arrivals) {
                Delivery delivery = placement.arrived(arrival, now);
                if (delivery.state() == Delivery.State.ACTIVE) {
                    launch.add(delivery);
                }
            }
        } finally {
            lock.unlock();
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
            Moment now = lock.now();
            for (Attempt.Group group : groups) {
                placement.offer(group, now, unreachable);
            }
        } finally {
            lock.unlock();
        }
        return unreachable;
    }

    /**
     * A group has to go on to another site; others of its attempt may be on their way.
     *
     * @return it, when it can't wait and is to be deferred
     */
    List<Attempt.Group> moved(Attempt.Group group) {
        List<Attempt.Group> unreachable = new ArrayList<>(0);
        lock.lock();
        try {
            placement.moved(group, lock.now(), unreachable);
        } finally {
            lock.unlock();
        }
        return unreachable;
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
            lock.unlock();
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
                    placement.deferred(each.delivery(), each.settlement().progress(), lock.now());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Back as it came, but not before this time has passed: nothing became of it. */
    void putBack(Delivery delivery, Duration notBefore) {
        lock.lock();
        try {
            long earliest = lock.now().wall() + notBefore.toMillis();
            placement.back(delivery, Math.max(earliest, delivery.wakeMillis()));
        } finally {
            lock.unlock();
        }
    }

    /** Where a hop's site leads, or led when it was looked up last. */
    SourceChoice.At at(String hopSite) {
        lock.lock();
        try {
            String key = sites.rollUp().anySiteOf(hopSite);
            Site site = sites.known(key);
            boolean busy = site != null && site.isBusy(lock.now().steady());
            return new SourceChoice.At(key, busy);
        } finally {
            lock.unlock();
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
            room.end();
            return placement.stop();
        } finally {
            lock.unlock();
        }
    }

    /** At the end: gives back what is left, whoever still has it. */
    void giveBackAll() {
        lock.lock();
        try {
            out.all().forEach(each -> placement.back(each, each.wakeMillis()));
        } finally {
            lock.unlock();
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
            return sites.known(lock.now());
        } finally {
            lock.unlock();
        }
    }

    /** What was known at the last end; before anything is taken. */
    void restore(List<KnownSites.Fact> facts) {
        lock.lock();
        try {
            Moment now = lock.now();
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
            lock.unlock();
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
            lock.unlock();
        }
    }
}

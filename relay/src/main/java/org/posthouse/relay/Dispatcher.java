package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The one place that knows where every delivery stands, under one lock: schedule and sites. Threads
 * come to it for work and tell it what became of it; it starts workers through {@code hire}. It
 * does no I/O.
 */
final class Dispatcher {
    private final ReentrantLock lock = new ReentrantLock();
    private final TimeSource time;
    private final RetrySchedule schedule;
    private final Signal timer;
    private final Scheduler scheduler;
    private final Sites sites;
    private boolean starved;
    private volatile boolean stopping;

    /**
     * Makes one.
     *
     * @param timer raised when an alarm may be due earlier than was told
     * @param hire starts a worker for a site; called under the lock, must not block
     */
    Dispatcher(
            TimeSource time,
            RetrySchedule schedule,
            RelaySettings settings,
            Signal timer,
            Consumer<Site> hire) {
        this.time = time;
        this.schedule = schedule;
        this.timer = timer;
        sites = new Sites(settings, Sites.WORKERS_MAX, hire);
        scheduler = new Scheduler(settings.activeMax());
    }

    /** Deliveries come from the spool; returns those to launch at once. */
    List<Delivery> arrived(List<QueuedDelivery> queued, Arrivals arrivals) {
        List<Delivery> launch = new ArrayList<>(queued.size());
        lock.lock();
        try {
            long now = nowMillis();
            for (QueuedDelivery each : queued) {
                var delivery = new Delivery(each);
                scheduler.add(delivery);
                long due = arrivals.dueMillis(each, now);
                if (each.progress().held()) {
                    scheduler.hold(delivery);
                } else if (due <= now && !stopping && scheduler.activate(delivery)) {
                    launch.add(delivery);
                } else {
                    await(delivery, due, due);
                }
            }
        } finally {
            lock.unlock();
        }
        return launch;
    }

    /** Deliveries whose time has come, to launch; wakes sites that may be probed. */
    List<Delivery> due(int max) {
        lock.lock();
        try {
            long now = nowMillis();
            Site alarmed = sites.alarmed(now);
            while (alarmed != null) {
                probe(alarmed, now);
                alarmed = sites.alarmed(now);
            }
            List<Delivery> due = stopping ? List.of() : scheduler.due(now, max);
            starved = scheduler.isSaturated();
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** When {@link #due} has something next, in milliseconds of the wall clock. */
    long nextAlarmMillis() {
        lock.lock();
        try {
            long site = sites.nextAlarm();
            return starved || stopping ? site : Math.min(site, scheduler.nextAlarm());
        } finally {
            lock.unlock();
        }
    }

    /**
     * The open circuit of a site may be tried: its oldest delivery goes, and whoever is overdue.
     */
    private void probe(Site site, long now) {
        site.circuit().tick(now);
        if (site.circuit().isOpen()) {
            arm(site, now);
            return;
        }
        boolean probing = false;
        for (Delivery each : List.copyOf(site.parked())) {
            if (!probing || isOverdue(each, now)) {
                site.parked().remove(each);
                await(each, now, now);
                probing = true;
            }
        }
        arm(site, now);
    }

    /**
     * Who waits for a site that can't be reached is looked at again, also in case that the one that
     * goes first never gets there.
     */
    private void arm(Site site, long now) {
        if (!site.parked().isEmpty() && !site.circuit().isClosed()) {
            long until = site.circuit().untilMillis();
            boolean open = site.circuit().isOpen();
            sites.arm(site, open ? until : now + schedule.probeDelay(1).toMillis());
            timer.raise();
        }
    }

    private void park(Delivery delivery, Site site, long now) {
        scheduler.park(delivery);
        site.parked().add(delivery);
        if (!site.isArmed()) {
            arm(site, now);
        }
    }

    private boolean isOverdue(Delivery delivery, long now) {
        return lookMillis(delivery) <= now;
    }

    /** When a waiting delivery is to be looked at although it is not due: to warn or to expire. */
    private long lookMillis(Delivery delivery) {
        if (delivery.acceptedAtMillis() == 0) {
            return Scheduler.NEVER;
        }
        long expires = delivery.acceptedAtMillis() + schedule.settings().giveUpAfter().toMillis();
        boolean warns = schedule.warns() && !delivery.progress().warned();
        return warns
                ? delivery.acceptedAtMillis() + schedule.settings().warnAfter().toMillis()
                : expires;
    }

    /**
     * Routed groups go to their sites. Those of a site that can't be reached are parked.
     *
     * @return groups that can't wait and are to be deferred: the other groups of their attempt were
     *     or will be attempted, or their message is expired
     */
    List<Attempt.Group> offer(List<Attempt.Group> groups) {
        List<Attempt.Group> unreachable = new ArrayList<>(0);
        lock.lock();
        try {
            long now = nowMillis();
            for (Attempt.Group group : groups) {
                Site site = sites.of(group.hop(), now);
                if (site.isOpenFor(now)) {
                    site.queue().add(group);
                    wake(site, now);
                } else {
                    parkOr(group, site, now, unreachable);
                }
            }
        } finally {
            lock.unlock();
        }
        return unreachable;
    }

    private void parkOr(Attempt.Group group, Site site, long now, List<Attempt.Group> unreachable) {
        Delivery delivery = group.attempt().delivery();
        if (isOverdue(delivery, now) || !group.attempt().isUntouched() || stopping) {
            unreachable.add(group);
            blame(group, site);
            group.attempt().notBefore(site.circuit().untilMillis());
            group.all(new Outcome.Deferred(site.lastReply(), Outcome.Cause.NET), site.key());
            return;
        }
        park(delivery, site, now);
        feed();
    }

    private void wake(Site site, long now) {
        if (!stopping) {
            sites.wake(site, now);
        }
    }

    /**
     * The next group for a worker; waits for one while its connection may stay open.
     *
     * @return null when the worker has to end: it is not counted any more
     */
    Attempt.@Nullable Group next(Worker worker) throws InterruptedException {
        Site site = worker.site();
        while (true) {
            lock.lock();
            try {
                sites.unidle(worker);
                if (worker.takeAnswered()) {
                    site.circuit().succeeded();
                }
                Attempt.Group group = stopping ? null : site.queue().poll();
                if (group != null) {
                    release(site);
                    wakeMore(site);
                    return group;
                }
                release(site);
                if (stopping || sites.isCrowded() || !worker.mayIdle()) {
                    sites.ended(worker, nowMillis());
                    return null;
                }
                sites.idle(worker);
            } finally {
                lock.unlock();
            }
            if (!worker.awaitWork() && leave(worker)) {
                return null;
            }
        }
    }

    private void wakeMore(Site site) {
        if (!site.queue().isEmpty() && site.idle().isEmpty()) {
            wake(site, nowMillis());
        }
    }

    /** The idle time is over; false when work came just then. */
    private boolean leave(Worker worker) {
        lock.lock();
        try {
            boolean idled = sites.unidle(worker);
            if (idled) {
                sites.ended(worker, nowMillis());
            }
            return idled;
        } finally {
            lock.unlock();
        }
    }

    /** A worker ends for another reason than the end of its work. */
    void gone(Worker worker) {
        lock.lock();
        try {
            sites.ended(worker, nowMillis());
            if (!worker.site().queue().isEmpty()) {
                wake(worker.site(), nowMillis());
            }
        } finally {
            lock.unlock();
        }
    }

    void connected(Worker worker) {
        lock.lock();
        try {
            if (worker.putConnected()) {
                worker.site().connected();
            }
        } finally {
            lock.unlock();
        }
    }

    void disconnected(Worker worker) {
        lock.lock();
        try {
            if (worker.takeConnected()) {
                worker.site().disconnected();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Parked deliveries go on as fast as the connections take them: no stampede. */
    private void release(Site site) {
        int count = site.releasable();
        if (count == 0) {
            return;
        }
        long now = nowMillis();
        for (int i = 0; i < count; i++) {
            Delivery oldest = site.oldestParked();
            if (oldest == null) {
                return;
            }
            site.parked().remove(oldest);
            await(oldest, now, now);
        }
    }

    /**
     * A worker could reach no host of its site. While other connections stand, the host only takes
     * no more of them: the group goes back. Otherwise the circuit opens.
     *
     * @return groups to defer, the worker's own with them; empty when it went back
     */
    List<Attempt.Group> unreachable(Worker worker, Attempt.Group group, Reply reply) {
        Site site = worker.site();
        List<Attempt.Group> deferred = new ArrayList<>();
        lock.lock();
        try {
            long now = nowMillis();
            if (site.established() > 0 && !stopping) {
                site.limited(now);
                site.queue().addFirst(group);
                return deferred;
            }
            site.lastReply(reply);
            site.circuit().failed(now, schedule);
            sites.arm(site, site.circuit().untilMillis());
            for (Attempt.Group each : site.clearQueue()) {
                parkOr(each, site, now, deferred);
            }
            blame(group, site);
            group.attempt().notBefore(site.circuit().untilMillis());
            group.all(new Outcome.Deferred(reply, Outcome.Cause.NET), group.hop().site());
            deferred.add(group);
            timer.raise();
        } finally {
            lock.unlock();
        }
        return deferred;
    }

    /** It waits with the site for the next probe, unless it has other ways to go. */
    private static void blame(Attempt.Group group, Site site) {
        if (group.attempt().isSingle()) {
            group.attempt().delivery().unreachable(site);
        }
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
            scheduler.settling(delivery);
        } finally {
            lock.unlock();
        }
    }

    /** These are durable now. */
    void settled(List<Settling> batch) {
        lock.lock();
        try {
            for (Settling each : batch) {
                settled(each.delivery(), each.settlement());
            }
            feed();
        } finally {
            lock.unlock();
        }
    }

    private void settled(Delivery delivery, Settlement settlement) {
        if (settlement.isDone()) {
            scheduler.remove(delivery);
        } else {
            delivery.settled(settlement.openRecipients(), settlement.progress());
            place(delivery);
        }
    }

    /** What its operator changed is durable now. */
    void changed(Delivery delivery, Settlement settlement) {
        lock.lock();
        try {
            settled(delivery, settlement);
            feed();
        } finally {
            lock.unlock();
        }
    }

    /** Back to where its stored state says, after an attempt that came to nothing. */
    void putBack(Delivery delivery, Duration notBefore) {
        lock.lock();
        try {
            long earliest = nowMillis() + notBefore.toMillis();
            long due = Math.max(earliest, delivery.progress().nextDueAt().toEpochMilli());
            await(delivery, due, due);
            feed();
        } finally {
            lock.unlock();
        }
    }

    /** Its message is not in the spool any more. */
    void forget(Delivery delivery) {
        lock.lock();
        try {
            scheduler.remove(delivery);
            feed();
        } finally {
            lock.unlock();
        }
    }

    private void place(Delivery delivery) {
        Site site = delivery.unreachable();
        delivery.unreachable(null);
        if (delivery.progress().held()) {
            scheduler.hold(delivery);
        } else if (site != null && sites.holds(site)) {
            placeAt(site, delivery);
        } else {
            long due = millis(delivery.progress().nextDueAt());
            await(delivery, due, lookMillis(delivery));
        }
    }

    /** Behind those that wait for the site already; at once if it came back meanwhile. */
    private void placeAt(Site site, Delivery delivery) {
        long now = nowMillis();
        if (site.circuit().isClosed()) {
            await(delivery, now, now);
        } else {
            park(delivery, site, now);
        }
    }

    private void await(Delivery delivery, long due, long look) {
        long before = scheduler.nextAlarm();
        scheduler.await(delivery, due, look);
        if (scheduler.nextAlarm() < before && !starved) {
            timer.raise();
        }
    }

    /** Room for another active one. */
    private void feed() {
        if (starved && !scheduler.isSaturated()) {
            starved = false;
            timer.raise();
        }
    }

    /** Due now; false when it is not waiting. */
    boolean retryNow(DeliveryId id) {
        lock.lock();
        try {
            Delivery delivery = scheduler.find(id);
            if (delivery == null || !isWaiting(delivery)) {
                return false;
            }
            unpark(delivery, true);
            long now = nowMillis();
            await(delivery, now, now);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a delivery for a change by its operator, if it is in one of the states that the change
     * is for; it is then SETTLING.
     */
    @Nullable Delivery claim(DeliveryId id, boolean held) {
        lock.lock();
        try {
            Delivery delivery = scheduler.find(id);
            if (delivery == null) {
                return null;
            }
            boolean isHeld = delivery.state() == Delivery.State.HELD;
            if (held ? !isHeld : !isWaiting(delivery)) {
                return null;
            }
            unpark(delivery, false);
            scheduler.settling(delivery);
            return delivery;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a claimed delivery back unchanged. */
    void unclaim(Delivery delivery) {
        lock.lock();
        try {
            place(delivery);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isWaiting(Delivery delivery) {
        return delivery.state() == Delivery.State.WAITING
                || delivery.state() == Delivery.State.PARKED;
    }

    private void unpark(Delivery delivery, boolean probe) {
        if (delivery.state() == Delivery.State.PARKED) {
            sites.unpark(delivery, probe);
        }
    }

    /**
     * Starts no more attempts; wakes who idles.
     *
     * @return groups that waited, some of whose recipients are done
     */
    List<Attempt.Group> stop() {
        lock.lock();
        try {
            stopping = true;
            timer.raise();
            return sites.stop();
        } finally {
            lock.unlock();
        }
    }

    boolean isStopping() {
        return stopping;
    }

    /** Where a delivery stands; empty when it is not here. */
    @Nullable QueuedDelivery view(DeliveryId id) {
        lock.lock();
        try {
            Delivery delivery = scheduler.find(id);
            return delivery == null ? null : delivery.queued();
        } finally {
            lock.unlock();
        }
    }

    RelayCounts counts() {
        lock.lock();
        try {
            return new RelayCounts(
                    scheduler.count(),
                    scheduler.activeCount(),
                    scheduler.count(Delivery.State.PARKED),
                    scheduler.count(Delivery.State.HELD),
                    sites.connections());
        } finally {
            lock.unlock();
        }
    }

    private long nowMillis() {
        return millis(time.now());
    }

    private static long millis(Instant instant) {
        return instant.toEpochMilli();
    }

    /** When a delivery that comes from the spool is due first. */
    @FunctionalInterface
    interface Arrivals {
        long dueMillis(QueuedDelivery queued, long nowMillis);
    }
}

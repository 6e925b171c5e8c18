package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Reply;
import org.posthouse.platform.Signal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What workers come for: the next group that may go, one turn after the other; and what they tell
 * of their connections and sites. A worker is counted until it was told that nothing is left, or
 * said that it is gone.
 */
final class Turns {
    private final DispatchLock lock;
    private final Sites sites;
    private final Placement placement;
    private final Signal changed;

    /**
     * Makes one.
     *
     * @param changed is raised when something is learned of a site, or is not so any more
     */
    Turns(DispatchLock lock, Sites sites, Placement placement, Signal changed) {
        this.lock = lock;
        this.sites = sites;
        this.placement = placement;
        this.changed = changed;
    }

    /**
     * The next group for a worker; waits for one while its connection may stay open.
     *
     * @return null when the worker has to end: it is not counted on any more
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
                pauseMillis = placement.pauseMillis(worker, lock.now());
                worker.timed(pauseMillis > 0);
            } finally {
                lock.unlock();
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
            if (yields(worker)) {
                return null;
            }
            Attempt.Group first = site.queue().peek(lock.now().steady());
            boolean fits = first != null && first.hop().sharesWith(hop);
            Attempt.Group next = fits ? placement.next(worker, lock.now()) : null;
            if (next != null) {
                worker.took();
            }
            return next;
        } finally {
            lock.unlock();
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
            if (placement.isStopping() || worker.site().rate().isSuspended(lock.now().steady())) {
                return groups;
            }
            Site site = worker.site();
            Moment now = lock.now();
            Predicate<Attempt.Group> held = each -> placement.isSuspended(each, site, now);
            groups.reversed().stream().filter(held.negate()).forEach(site.queue()::addFirst);
            return groups.stream().filter(held).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Recipients of a group are left for its next turn; false when there will be none. */
    boolean resume(Worker worker, Attempt.Group group) {
        lock.lock();
        try {
            Site site = worker.site();
            boolean ends =
                    placement.isStopping()
                            || site.rate().isSuspended(lock.now().steady())
                            || placement.isSuspended(group, site, lock.now());
            if (!ends) {
                site.queue().resume(group);
            }
            return !ends;
        } finally {
            lock.unlock();
        }
    }

    /** Null when there is none: the worker then idles, or has ended. */
    private Attempt.@Nullable Group poll(Worker worker) {
        Site site = worker.site();
        boolean unused = sites.unidle(worker);
        takeAnswered(worker);
        if (yields(worker)) {
            sites.leaves(worker);
            placement.wake(site, lock.now());
            return null;
        }
        Attempt.Group group = placement.next(worker, lock.now());
        if (group == null && sites.isCrowded(site)) {
            placement.putOff(site, lock.now());
        }
        if (group != null) {
            worker.took();
            if (site.idle().isEmpty()) {
                placement.wake(site, lock.now());
            }
        } else if (placement.isStopping()
                || (site.queue().isEmpty() && (sites.isCrowded(site) || !worker.mayIdle()))) {
            sites.leaves(worker);
        } else {
            sites.idle(worker);
        }
        return group;
    }

    private boolean yields(Worker worker) {
        return worker.hasHadItsTurn() && sites.isCrowded(worker.site());
    }

    private void takeAnswered(Worker worker) {
        int answered = worker.takeAnswered();
        if (answered > 0) {
            Moment now = lock.now();
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
                sites.leaves(worker);
            }
            return idled;
        } finally {
            lock.unlock();
        }
    }

    /** A worker ends for another reason than the end of its work: it takes nothing more. */
    void leaves(Worker worker) {
        lock.lock();
        try {
            sites.leaves(worker);
            placement.wake(worker.site(), lock.now());
        } finally {
            lock.unlock();
        }
    }

    /** A worker has ended, and closed its connection. */
    void gone(Worker worker) {
        lock.lock();
        try {
            sites.ended(worker, lock.now().steady());
            placement.wake(worker.site(), lock.now());
        } finally {
            lock.unlock();
        }
    }

    /**
     * A worker without a connection found where its hop leads.
     *
     * @param at the key of the site
     * @return true when the worker is there; false when its group has to be offered anew
     */
    boolean located(Worker worker, Hop hop, String at) {
        lock.lock();
        try {
            return placement.located(worker, hop, at, lock.now());
        } finally {
            lock.unlock();
        }
    }

    /** The DNS said for good where a hop leads: nowhere. */
    void lookedUp(Hop hop) {
        lock.lock();
        try {
            placement.lookedUp(hop, lock.now());
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

    /** A worker tried to connect so often. */
    void dialed(Worker worker, int times) {
        lock.lock();
        try {
            for (int i = 0; i < times; i++) {
                List<CommonRate> rates = worker.site().common().connections();
                worker.pass().connected(rates, lock.now().steady());
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
            placement.unreachable(worker.site(), group, why, lock.now(), deferred);
            changed.raise();
        } finally {
            lock.unlock();
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
            placement.complained(worker.site(), reply, lock.now(), deferred);
            changed.raise();
        } finally {
            lock.unlock();
        }
        return deferred;
    }
}

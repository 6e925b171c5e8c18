package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.spool.Progress;

import java.time.Instant;
import java.util.List;

/**
 * Where each delivery goes that the spool gave out: to its site, or back to the spool until when.
 * Is told the time; starts nothing but workers. Guarded by the dispatcher's lock.
 *
 * <p>A delivery whose domain tells its site goes back without being read when it could not go on
 * there now. So a million for a site that can't be reached cost a look into memory each at every
 * probe, nothing more. The rules of now are asked each time; what has a fixed next hop, or a domain
 * whose recipients go different ways, is read.
 */
final class Placement {
    /** What is older was here before. */
    private static final long NEW_MILLIS = Site.FULL_MILLIS;

    /** A part of all active ones: more may wait at one site only while there is room for others. */
    private static final int SITE_SHARE = 4;

    /** What failed as the probe comes so much behind those that wait for the next one. */
    private static final long OTHERS_FIRST_MILLIS = 1000;

    private static final Reply SUSPENDED = Reply.of(450, "4.3.2", "suspended by the operator");

    private final RetrySchedule schedule;
    private final Returns returns;
    private final OutSet out;
    private final Sites sites;
    private final int siteShare;
    private final Parking parking;
    private final Wishes wishes = new Wishes();
    private SuspensionSet suspensions = SuspensionSet.NONE;
    private boolean stopping;

    Placement(RetrySchedule schedule, Returns returns, OutSet out, Sites sites, Parking parking) {
        this.schedule = schedule;
        this.returns = returns;
        this.out = out;
        this.sites = sites;
        this.parking = parking;
        siteShare = Math.max(1, out.max() / SITE_SHARE);
    }

    /** One was taken; it is ACTIVE when it is to be read, and otherwise went back. */
    Delivery arrived(Arrival arrival, Moment now) {
        Wishes.Wish wish = wishes.take(arrival.queued(), now.steady());
        boolean wished = wish != Wishes.Wish.NONE;
        boolean due = wished || arrival.dueMillis() <= now.wall();
        boolean look = arrival.lookMillis() <= now.wall();
        var delivery = new Delivery(arrival, !due, wish == Wishes.Wish.PROBE);
        Site waitedFor = parking.unpark(delivery.id());
        out.add(delivery);
        if (stopping || (!due && !look)) {
            back(delivery, delivery.wakeMillis());
        } else if (!due) {
            delivery.unreachable(waitedFor);
        } else if (!look && !isSuspended(delivery, arrival.site(), now) && !wished) {
            shortCut(delivery, arrival.site(), now);
        }
        return delivery;
    }

    /** What is suspended goes back, unless it must be read to know. */
    private boolean isSuspended(Delivery delivery, String site, Moment now) {
        if (suspensions.isEmpty()) {
            return false;
        }
        String at = sites.leadsTo(site, now.steady());
        Suspension by = suspensions.early(delivery.domain(), at, Instant.ofEpochMilli(now.wall()));
        if (by != null) {
            suspend(delivery, by);
        }
        return by != null;
    }

    /** Until the suspension ends, but looked at when it is time. */
    private void suspend(Delivery delivery, Suspension by) {
        if (out.leave(delivery, Delivery.State.BACK)) {
            long until = Timetable.millis(by.until());
            returns.suspend(delivery.id(), Math.min(until, delivery.lookMillis()));
        }
    }

    private @Nullable Suspension suspensionOf(Attempt.Group group, Site site, Moment now) {
        return suspensions.isEmpty()
                ? null
                : suspensions.find(
                        SuspensionSet.Facts.of(group, site.key()),
                        Instant.ofEpochMilli(now.wall()));
    }

    /** True when a group may not go on to a site. */
    boolean isSuspended(Attempt.Group group, Site site, Moment now) {
        return suspensionOf(group, site, now) != null;
    }

    /**
     * A suspended group goes back.
     *
     * @param deferred gets it when it can't wait
     * @return false when it is not suspended
     */
    private boolean isHeldUp(
            Attempt.Group group, Site site, Moment now, List<Attempt.Group> deferred) {
        Suspension by = suspensionOf(group, site, now);
        if (by == null || stopping) {
            return false;
        }
        if (isPatient(group, now)) {
            suspend(group.attempt().delivery(), by);
        } else {
            Reply last = Launcher.lastOf(group.attempt(), SUSPENDED);
            group.all(new Outcome.Deferred(last, Outcome.Cause.NET), site.key());
            deferred.add(group);
        }
        return true;
    }

    /**
     * A delivery that goes several ways goes back when what is suspended is not one of them, but
     * what they have in common. Only for the groups of one offer: none of them is on its way, and
     * each of them gets the same answer.
     */
    private boolean isHeldUpWhole(Attempt.Group group, Site site, Moment now) {
        Suspension by = suspensionOf(group, site, now);
        Delivery delivery = group.attempt().delivery();
        if (by == null
                || stopping
                || isOfWay(by.scope())
                || !group.attempt().isOpen()
                || delivery.lookMillis() <= now.wall()) {
            return false;
        }
        suspend(delivery, by);
        return true;
    }

    private static boolean isOfWay(Suspension.Scope scope) {
        return switch (scope) {
            case SITE, ROUTE -> true;
            case DOMAIN, FROM, LOGIN -> false;
        };
    }

    /**
     * These are in force from now on.
     *
     * @param ended what was before and is not any more: its sites are tried at once
     * @param deferred gets what waits at a site, is suspended now, and can't wait
     */
    void suspensions(
            SuspensionSet next, List<Suspension> ended, Moment now, List<Attempt.Group> deferred) {
        suspensions = next;
        returns.resumed();
        for (Site site : sites.all()) {
            site.queue().removeIf(group -> isHeldUp(group, site, now, deferred));
            SiteNames names = SiteNames.of(site.key());
            if (new SuspensionSet(ended).ofSite(names, Instant.MIN) != null) {
                probe(site, now);
            }
        }
    }

    private void shortCut(Delivery delivery, String key, Moment now) {
        Site site = key.isEmpty() ? null : sites.find(key, now.steady());
        if (site == null) {
            return;
        }
        if (!site.isOpenFor(now.steady())) {
            park(delivery, site, now);
        } else if (isFull(site, now) && !isLookedAt(delivery, site, now)) {
            back(delivery, now.wallOf(site.turn(now.steady())));
        }
    }

    private boolean isFull(Site site, Moment now) {
        return site.isAhead()
                || site.isWarmingUpAndWaitedFor()
                || site.isBehind(out.count(), now.steady())
                || (out.isNearlyFull() && site.queue().size() >= siteShare);
    }

    /** One that has just come is read to see whose it is; what was put back, only when it fits. */
    private static boolean isLookedAt(Delivery delivery, Site site, Moment now) {
        return now.wall() - delivery.givenMillis() < NEW_MILLIS && site.takeLook(now.steady());
    }

    /** What others keep from its turn, and a small message behind a large one, finds some room. */
    private boolean isFullFor(Site site, Attempt.Group group, Moment now) {
        if (site.isWarmingUpAndWaitedFor()
                || (out.isNearlyFull() && site.isBehind(out.count(), now.steady()))) {
            return true;
        }
        if (!isFull(site, now) || !site.queue().isGreedy(group)) {
            return false;
        }
        return site.queue().holdsMessageOf(group)
                || site.isFarAhead()
                || site.queue().size() >= siteShare + siteShare / 2;
    }

    /** Given back until the site may be probed and a spread, but looked at when it is time. */
    private void park(Delivery delivery, Site site, Moment now) {
        long soon = now.steady();
        long later = soon + schedule.settings().probeFirst().toMillis();
        long probe = site.opensMillis(site.rate().isSuspended(soon) ? soon : later);
        parking.park(delivery, site);
        back(delivery, Math.min(now.wallOf(site.slots().next(probe, soon)), delivery.lookMillis()));
    }

    /**
     * It was the probe, and is the next one if there is no other: what the host said may be about
     * it alone, and it must not be in the way of others for ever.
     */
    private void parkAsProbe(Delivery delivery, Site site, Moment now) {
        long others = parking.isWaitedFor(site) ? OTHERS_FIRST_MILLIS : 0;
        parking.parkAsProbe(delivery, site);
        long probe = now.wallOf(site.circuit().untilMillis()) + others;
        back(delivery, Math.min(probe, delivery.lookMillis()));
    }

    /** It is given back, unless it was before. */
    void back(Delivery delivery, long atMillis) {
        if (out.leave(delivery, Delivery.State.BACK)) {
            returns.giveBack(delivery.id(), atMillis);
        }
    }

    /**
     * A routed group goes to its site, or its delivery is parked.
     *
     * @param unreachable gets the group when it can't wait
     */
    void offer(Attempt.Group group, Moment now, List<Attempt.Group> unreachable) {
        Site site = sites.of(group.hop(), now);
        Delivery delivery = group.attempt().delivery();
        if (delivery.takeProbe()) {
            probe(site, now);
            probe(sites.findLast(group.hop().site()), now);
        }
        if (!isHeldUpWhole(group, site, now)) {
            place(group, site, now, unreachable);
        }
    }

    /** The same for one that was at a site before. */
    void moved(Attempt.Group group, Moment now, List<Attempt.Group> unreachable) {
        place(group, sites.of(group.hop(), now), now, unreachable);
    }

    private void place(
            Attempt.Group group, Site site, Moment now, List<Attempt.Group> unreachable) {
        if (isHeldUp(group, site, now, unreachable)) {
            return;
        }
        if (stopping || !site.isOpenFor(now.steady())) {
            parkOr(group, site, now, unreachable);
        } else if (isFullFor(site, group, now) && isPatient(group, now)) {
            back(group.attempt().delivery(), now.wallOf(site.comesAgain(now.steady())));
        } else {
            site.queue().add(group);
            wake(site, now);
        }
    }

    /** An operator wants a site tried at once, if it is known. */
    void probe(@Nullable Site site, Moment now) {
        if (site != null) {
            site.circuit().probeNow();
            tell(site, site.rate().resume(now.steady()), now);
        }
    }

    /** An operator takes back what was learnt of a site: what waits for it comes, slowly. */
    void clear(Site site, Moment now) {
        site.clear(now.steady()).forEach(change -> tell(site, change, now));
        for (Site each : sites.sharing(site)) {
            release(parking.release(each, each.room()));
            wake(each, now);
        }
    }

    private void tell(Site site, PathRate.@Nullable Change change, Moment now) {
        if (change != null) {
            returns.fact(
                    new MailEvent.RateChanged(
                            Instant.ofEpochMilli(now.wall()),
                            site.key(),
                            change.cause(),
                            change.before(),
                            change.after(),
                            Instant.ofEpochMilli(now.wallOf(change.untilMillis()))));
        }
    }

    /** The next group that may go by a worker now; null for none. */
    Attempt.@Nullable Group next(Worker worker, Moment now) {
        Site site = worker.site();
        if (stopping || site.queue().isEmpty()) {
            return null;
        }
        site.warm(now);
        tell(site, site.rate().grow(now.steady()), now);
        if (worker.nextMillis(now.steady()) > now.steady()) {
            return null;
        }
        worker.goes(now.steady());
        site.rate().take(now.steady());
        site.slots().left(now.steady());
        return site.queue().poll(now.steady());
    }

    /**
     * How long what waits at a worker's site has to wait for the rates.
     *
     * @return in milliseconds; 0 for not at all, or when nothing waits
     */
    long pauseMillis(Worker worker, Moment now) {
        return worker.site().queue().isEmpty()
                ? 0
                : Math.max(1, worker.waitMillis(now.steady()) - now.steady());
    }

    /** What waits for the rate goes back, so that its worker may go: what can, does. */
    void putOff(Site site, Moment now) {
        site.queue()
                .removeIf(
                        group -> {
                            boolean patient = isPatient(group, now);
                            if (patient) {
                                back(
                                        group.attempt().delivery(),
                                        now.wallOf(site.turn(now.steady())));
                            }
                            return patient;
                        });
    }

    /**
     * The host said that we are too fast.
     *
     * @param deferred gets groups to defer: the site is suspended, and they can't wait
     */
    void complained(Site site, Reply reply, Moment now, List<Attempt.Group> deferred) {
        site.lastReply(reply);
        tell(site, site.rate().complained(now.steady()), now);
        if (site.rate().isSuspended(now.steady())) {
            for (Site other : sites.sharing(site)) {
                for (Attempt.Group each : other.clearQueue()) {
                    parkOr(each, other, now, deferred);
                }
            }
        }
    }

    private static boolean isPatient(Attempt.Group group, Moment now) {
        return group.attempt().isUntouched()
                && group.attempt().delivery().lookMillis() > now.wall();
    }

    private void parkOr(
            Attempt.Group group, Site site, Moment now, List<Attempt.Group> unreachable) {
        Delivery delivery = group.attempt().delivery();
        if (stopping && group.attempt().isUntouched()) {
            back(delivery, delivery.wakeMillis());
        } else if (isPatient(group, now)) {
            park(delivery, site, now);
        } else {
            defer(group, site, site.lastReply(), now);
            unreachable.add(group);
        }
    }

    /** The domain of a hop was looked up, and its site answers for no more. */
    void lookedUp(Hop hop, Moment now) {
        Site own = sites.known(hop.site());
        if (own != null && !own.circuit().isClosed()) {
            own.circuit().succeeded(now.steady());
            release(parking.clear(own));
        }
    }

    /** What waits for a hop goes where the hop leads, and the worker with it if there is room. */
    boolean located(Worker worker, Hop hop, String at, Moment now) {
        lookedUp(hop, now);
        sites.rollUp().learn(hop.site(), at, now.steady());
        Site from = worker.site();
        Site to = sites.of(hop, now);
        if (to.equals(from)) {
            return true;
        }
        SiteNames names = SiteNames.of(to.key());
        boolean suspended = suspensions.ofSite(names, Instant.ofEpochMilli(now.wall())) != null;
        boolean mayGo = to.admits(now.steady());
        boolean goes = !stopping && !suspended && mayGo && sites.transfer(worker, to, now.steady());
        if (goes) {
            to.admit(now.steady());
        }
        from.queue().removeIf(each -> each.hop().site().equals(hop.site()) && moves(each, to, now));
        wake(to, now);
        wake(from, now);
        return goes;
    }

    /** False for one that has to be told that the site can't be reached: a worker does that. */
    private boolean moves(Attempt.Group group, Site to, Moment now) {
        Suspension by = suspensionOf(group, to, now);
        boolean patient = isPatient(group, now);
        if (by == null && to.isOpenFor(now.steady())) {
            if (patient && to.isWarmingUpAndWaitedFor()) {
                back(group.attempt().delivery(), now.wallOf(to.comesAgain(now.steady())));
            } else {
                to.queue().add(group);
            }
            return true;
        }
        if (patient && by != null) {
            suspend(group.attempt().delivery(), by);
        } else if (patient) {
            park(group.attempt().delivery(), to, now);
        }
        return patient;
    }

    /** It waits with the site for the next probe, unless it has other ways to go. */
    private static void defer(Attempt.Group group, Site site, Reply reply, Moment now) {
        if (group.attempt().isSingle() && group.attempt().isUntouched()) {
            group.attempt().delivery().unreachable(site);
        }
        long opens = site.opensMillis(site.circuit().untilMillis());
        group.attempt().notBefore(now.wallOf(opens));
        group.all(new Outcome.Deferred(reply, Outcome.Cause.NET), site.key());
    }

    /** Gets a worker for what waits at a site. */
    void wake(Site site, Moment now) {
        if (!stopping && !site.queue().isEmpty()) {
            sites.wake(site, now.steady());
        }
    }

    /**
     * A host of the site answered: what is parked comes, some with each answer.
     *
     * @param messages that it took, perhaps none: a host that only refuses, or breaks off, gets no
     *     more connections for it
     */
    void works(Site site, int messages, Moment now) {
        tell(site, site.works(messages, now.steady()), now);
        if (parking.isWaitedFor(site) && !site.rate().isSuspended(now.steady())) {
            release(parking.release(site, site.room()));
        }
    }

    private void release(Parking.Waiting waiting) {
        if (!waiting.isEmpty()) {
            waiting.deliveries().forEach(id -> wishes.add(id, Wishes.Wish.SOON));
            returns.wake(waiting);
        }
    }

    /**
     * No host of the site could be reached. While other connections stand, one that is refused says
     * that the host takes no more of them, and one that fails says little: the group goes back into
     * the queue, as while many others are being opened. Otherwise the circuit opens.
     *
     * @param deferred gets the groups to defer, this one with them; none when it went back
     */
    void unreachable(
            Site at,
            Attempt.Group group,
            Carrier.Result.Unreachable why,
            Moment now,
            List<Attempt.Group> deferred) {
        Reply reply = why.reply();
        Site site = at;
        if (isHeldUp(group, at, now, deferred)) {
            return;
        }
        if (why.why() == Carrier.Trouble.CLOSES && isOfMessage(group, at, now)) {
            group.all(new Outcome.Deferred(reply, Outcome.Cause.TEMPORARY), at.key());
            deferred.add(group);
            return;
        }
        if (why.why() == Carrier.Trouble.UNKNOWN) {
            sites.rollUp().forget(group.hop().site());
            site = sites.ownOf(group.hop(), now);
        } else if (site.rate().isSuspended(now.steady())) {
            parkOr(group, site, now, deferred);
            return;
        } else if (site.established() > 0 && !stopping) {
            beside(site, why.why(), now);
            site.queue().addFirst(group);
            return;
        }
        if (why.why() == Carrier.Trouble.LIMITED) {
            tell(site, site.limited(now.steady()), now);
        }
        site.lastReply(reply);
        site.failed(now.steady(), schedule);
        if (site.circuit().isClosed() && !stopping) {
            site.queue().addFirst(group);
            wake(site, now);
            return;
        }
        defer(group, site, reply, now);
        for (Attempt.Group each : site.clearQueue()) {
            parkOr(each, site, now, deferred);
        }
        deferred.add(group);
    }

    /** It was so the last time, too, and others are taken: it is charged to the message. */
    private static boolean isOfMessage(Attempt.Group group, Site site, Moment now) {
        boolean again =
                group.attempt()
                        .progress()
                        .tried()
                        .filter(before -> before.cause() == Outcome.Cause.NET)
                        .isPresent();
        return again && site.circuit().workedLately(now.steady());
    }

    /** A connection failed beside others that stand. */
    private void beside(Site site, Carrier.Trouble why, Moment now) {
        if (why == Carrier.Trouble.DEAD || why == Carrier.Trouble.CLOSES) {
            site.dialFailed(now.steady());
        } else {
            tell(site, site.limited(now.steady()), now);
        }
    }

    /** Its outcome is durable, and recipients are left. */
    void deferred(Delivery delivery, Progress progress, Moment now) {
        Site site = delivery.unreachable();
        delivery.look(Timetable.millis(progress.lookAt()));
        if (site == null || !sites.holds(site)) {
            back(delivery, Timetable.millis(progress.wakeAt()));
        } else if (site.circuit().isClosed()) {
            wishes.add(delivery.id(), Wishes.Wish.SOON);
            back(delivery, now.wall());
        } else if (site.circuit().isOpen()) {
            parkAsProbe(delivery, site, now);
        } else {
            park(delivery, site, now);
        }
    }

    /** An operator wants a delivery to be attempted when it is taken next. */
    void wish(DeliveryId id) {
        wishes.add(id, Wishes.Wish.PROBE);
    }

    /** The same for a domain. */
    void wish(String domain, Moment now) {
        wishes.add(domain, now.steady());
    }

    /** An operator changed it: it does not wait for a site any more. */
    void unpark(DeliveryId id) {
        Site unused = parking.unpark(id);
    }

    /** No more attempts; returns the groups that waited for one. */
    List<Attempt.Group> stop() {
        stopping = true;
        return sites.stop();
    }

    boolean isStopping() {
        return stopping;
    }

    int parkedCount() {
        return parking.count();
    }
}

package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Source;
import org.posthouse.relay.PathRate.Change;
import org.posthouse.spool.Progress;
import org.posthouse.spool.Tried;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which of a route's sources a delivery goes by. Each source draws a number for the delivery from
 * its name and the delivery's, and the highest wins (weighted rendezvous hashing): shares follow
 * the weights, a delivery goes by the same source at each attempt, over restarts, too, and a change
 * of the pool moves as few as it can. So nothing needs to be stored for greylisted mail to come
 * again as it came before.
 *
 * <p>A source that a site refuses for its bad name is not used there for a while, 30 minutes and
 * doubling, over a restart, too, and what was refused is tried by another one, once. New mail also
 * goes by another one while a site is suspended for a source that was too fast, and what is more
 * than one that becomes known yet may send. A greylisted delivery stays with its source all the
 * same.
 */
final class SourceChoice {
    static final Duration SUSPENDED_FIRST = Duration.ofMinutes(30);
    static final Duration SUSPENDED_MAX = Duration.ofDays(1);

    /** Suspensions remembered; the oldest is forgotten first. */
    static final int MOST = 10_000;

    private final TimeSource time;
    private final MailEvents events;
    private final Where where;
    private final Signal learned;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * By the site with its source, and by the domain that showed it: where that leads is not known
     * behind a restart. Guarded by the lock.
     */
    private final Map<String, Suspended> suspended = new LinkedHashMap<>();

    private record Suspended(long untilNanos, Instant until, Duration length) {
        KnownSites.LeftAlone fact(String site) {
            return new KnownSites.LeftAlone(site, (int) length.toSeconds(), until.toEpochMilli());
        }
    }

    /**
     * Where a hop's mail goes.
     *
     * @param site as far as known; otherwise where the hop's domain is looked up
     * @param busy the site said that we are too fast, or what would go by a source that becomes
     *     known yet would wait
     */
    record At(String site, boolean busy) {}

    /** Knows where hops lead. */
    interface Where {
        At at(String hopSite);
    }

    /**
     * Nothing is suspended yet.
     *
     * @param learned is raised when what a restart should know has changed
     */
    SourceChoice(TimeSource time, MailEvents events, Where where, Signal learned) {
        this.time = time;
        this.events = events;
        this.where = where;
        this.learned = learned;
    }

    /** The settings of a route by the source of a delivery. */
    interface Chooser {
        /** The machine's own choice where there is one source only. */
        Chooser FIRST = (settings, place) -> settings;

        /**
         * Puts the chosen source in front.
         *
         * @param place names the site of a source
         */
        Route.Hop by(Route.Hop settings, Place place);
    }

    /** Names the site of a source. */
    interface Place {
        String of(Source source);
    }

    /** For a delivery of which nothing but its name is known. */
    Chooser of(DeliveryId id) {
        return (settings, place) -> choose(settings, place, id, false);
    }

    /** For an attempt. */
    Chooser of(DeliveryId id, Progress progress) {
        boolean pinned = causeIs(progress, Outcome.Cause.GREYLISTED);
        return (settings, place) -> choose(settings, place, id, pinned);
    }

    private static boolean causeIs(Progress progress, Outcome.Cause cause) {
        return progress.tried().map(Tried::cause).filter(cause::equals).isPresent();
    }

    private Route.Hop choose(Route.Hop settings, Place place, DeliveryId id, boolean pinned) {
        List<Source> sources = settings.sources();
        if (sources.size() == 1) {
            return settings;
        }
        Source best = sources.getFirst();
        double highest = -1;
        boolean bestIsFree = false;
        for (Source each : sources) {
            double drawn = Math.pow(fraction(id, each.name()), 1.0 / each.weight());
            boolean free = pinned || isFree(place.of(each));
            boolean isBetter = free == bestIsFree ? drawn > highest : free;
            if (isBetter) {
                best = each;
                highest = drawn;
                bestIsFree = free;
            }
        }
        return settings.by(best);
    }

    /** Between 0 and 1, the same for the same delivery and source. */
    private static double fraction(DeliveryId id, String name) {
        long hash = mixed(id.message().value() * 31 + id.number());
        for (int i = 0; i < name.length(); i++) {
            hash = mixed(hash ^ name.charAt(i));
        }
        return (hash >>> 11) * 0x1.0p-53;
    }

    /** The finaliser of SplitMix64: each bit depends on each. */
    private static long mixed(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private boolean isFree(String hopSite) {
        At at = where.at(hopSite);
        lock.lock();
        try {
            return !at.busy() && !isSuspended(hopSite) && !isSuspended(at.site());
        } finally {
            lock.unlock();
        }
    }

    private boolean isSuspended(String site) {
        Suspended known = suspended.get(site);
        return known != null && isInForce(known);
    }

    private boolean isInForce(Suspended known) {
        return known.untilNanos() - time.nanos() > 0;
    }

    /** What a restart should know. */
    List<KnownSites.Fact> known() {
        lock.lock();
        try {
            long now = time.nanos();
            return suspended.entrySet().stream()
                    .filter(each -> now - each.getValue().untilNanos() < SUSPENDED_MAX.toNanos())
                    .<KnownSites.Fact>map(each -> each.getValue().fact(each.getKey()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** It was so when we stopped. */
    void restore(List<KnownSites.Fact> facts) {
        lock.lock();
        try {
            for (KnownSites.Fact fact : facts) {
                if (fact instanceof KnownSites.LeftAlone alone) {
                    put(alone.site(), suspended(alone));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** A clock that was set back does not lengthen it. */
    private Suspended suspended(KnownSites.LeftAlone alone) {
        Duration length = shorter(Duration.ofSeconds(alone.seconds()), SUSPENDED_MAX);
        Instant until = Instant.ofEpochMilli(alone.untilMillis());
        Duration left = shorter(Duration.between(time.now(), until), length);
        return new Suspended(time.nanos() + left.toNanos(), until, length);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Under the lock. */
    private void put(String site, Suspended how) {
        suspended.remove(site);
        suspended.put(site, how);
        if (suspended.size() > MOST) {
            suspended.remove(suspended.keySet().iterator().next());
        }
    }

    /**
     * A next hop refused a delivery for the bad name of its source.
     *
     * @return true when it may be tried by another source
     */
    boolean spills(Attempt.Group group, Reply reply) {
        Route.Hop settings = settingsOf(group.hop());
        if (settings.sources().size() == 1) {
            return false;
        }
        suspend(group.hop().site(), reply);
        return !causeIs(group.attempt().progress(), Outcome.Cause.REPUTATION);
    }

    private static Route.Hop settingsOf(Hop hop) {
        return switch (hop) {
            case Hop.Exchange exchange -> exchange.via().settings();
            case Hop.Fixed fixed -> fixed.via().settings();
            case Hop.Store store -> Route.Hop.DEFAULT;
            case Hop.Nowhere nowhere -> Route.Hop.DEFAULT;
        };
    }

    /**
     * Which sources are left alone, each by the site where that was said.
     *
     * @param cleared it is taken back
     */
    List<Learned> learned(Destination of, boolean cleared) {
        Map<String, Learned> learned = new TreeMap<>();
        Set<String> ledTo = new HashSet<>();
        of.keys().forEach(key -> ledTo.add(where.at(key).site()));
        for (Map.Entry<String, Suspended> each : all()) {
            String site = where.at(each.getKey()).site();
            if (ledTo.contains(site) || of.has(each.getKey()) || of.has(site)) {
                if (isInForce(each.getValue())) {
                    Instant until = each.getValue().until();
                    learned.put(site, new Learned(site, Learned.Kind.SOURCE, "suspended", until));
                }
                if (cleared) {
                    forget(each.getKey());
                }
            }
        }
        if (cleared) {
            learned.keySet().forEach(site -> tell(site, Change.CLEARED, false, time.now()));
        }
        return List.copyOf(learned.values());
    }

    private List<Map.Entry<String, Suspended>> all() {
        lock.lock();
        try {
            return List.copyOf(suspended.entrySet());
        } finally {
            lock.unlock();
        }
    }

    private void forget(String site) {
        lock.lock();
        try {
            suspended.remove(site);
        } finally {
            lock.unlock();
        }
    }

    private void suspend(String hopSite, Reply reply) {
        String site = where.at(hopSite).site();
        Suspended how;
        lock.lock();
        try {
            Suspended before = suspended.get(site);
            if (before != null && isInForce(before)) {
                put(hopSite, before);
                return;
            }
            Duration length = before == null ? SUSPENDED_FIRST : before.length().multipliedBy(2);
            length = shorter(length, SUSPENDED_MAX);
            how = new Suspended(time.nanos() + length.toNanos(), time.now().plus(length), length);
            put(hopSite, how);
            put(site, how);
        } finally {
            lock.unlock();
        }
        tell(site, "its source has a bad name there: " + reply, true, how.until());
    }

    private void tell(String site, String cause, boolean isSuspended, Instant until) {
        learned.raise();
        String before = isSuspended ? "sending" : "suspended";
        String after = isSuspended ? "suspended" : "sending";
        events.emit(new MailEvent.RateChanged(time.now(), site, cause, before, after, until));
    }
}

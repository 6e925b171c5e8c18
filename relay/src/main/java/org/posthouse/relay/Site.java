package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvent.Circuit;
import org.posthouse.core.Reply;
import org.posthouse.policy.Route;
import org.posthouse.policy.WarmUp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A next hop with what waits for it: groups to attempt, names of what is parked in the spool while
 * it can't be reached, and the workers that have, or open, a connection to it. Guarded by the
 * dispatcher's lock.
 */
final class Site {
    /** Connections are opened one after the other, at most one in this time. */
    private static final long RAMP_MILLIS = 100;

    /** Behind one that did not come about, beside others that stand. */
    private static final long FAILED_DIAL_MILLIS = Duration.ofSeconds(30).toMillis();

    private static final long REMEMBERED_MILLIS = Duration.ofHours(1).toMillis();

    /** What finds too long a queue comes again after this, in turn. */
    static final long FULL_MILLIS = 1000;

    /** What a source that becomes known can't take, comes again after this, for another one. */
    private static final long OTHER_SOURCE_MILLIS = Duration.ofSeconds(10).toMillis();

    /** Deliveries read in a second that find too long a queue. */
    private static final int LOOKS_MAX = 10_000;

    /** The same, at most, where the rate is bounded. */
    private static final long TURN_MAX_MILLIS = Duration.ofMinutes(10).toMillis();

    /** So many may wait, however low the rate. */
    private static final int AHEAD_MIN = 8;

    /** Parked deliveries released for each connection there may be. */
    private static final int RELEASED_EACH = 2;

    private static final Reply NOT_TRIED = Reply.of(450, "4.4.1", "the host can't be reached");

    private final String key;
    private final int groupsPerWorker;
    private final ProbeBudget budget;
    private final SiteCircuit circuit;
    private final PathWindow window = new PathWindow();
    private final Allowance allowance;
    private final Common common;
    private final FairQueue<Attempt.Group> queue;
    private final Map<DeliveryId, String> parked = new LinkedHashMap<>();
    private final Set<String> domains = new LinkedHashSet<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private int connectionsMax;
    private Bounds bounds = Bounds.of(1);
    private boolean isWarmingUp;
    private int workers;

    /** Those that take nothing more and still part from the host. */
    private int leaving;

    private int established;
    private long rampMillis = Long.MIN_VALUE / 2;
    private Reply lastReply = NOT_TRIED;
    private final ReturnSlots slots = new ReturnSlots();
    private long looksIn;
    private int looks;
    private double lastTurn = Long.MIN_VALUE / 2.0;

    /**
     * A site.
     *
     * @param groupsPerWorker another connection is opened when more than this wait for each
     * @param budget of probes, of all sites together
     * @param shares what it has in common with others
     */
    Site(String key, int groupsPerWorker, ProbeBudget budget, Shares shares) {
        this.key = key;
        queue = shares.streams().queue();
        allowance = shares.providers().of(key);
        common = isStore() ? Common.NONE : shares.common().with(allowance.connections());
        this.budget = budget;
        this.groupsPerWorker = groupsPerWorker;
        circuit =
                new SiteCircuit((before, after) -> shares.circuits().changed(this, before, after));
    }

    String key() {
        return key;
    }

    SiteCircuit circuit() {
        return circuit;
    }

    PathRate rate() {
        return allowance.rate();
    }

    /** What it may have; with it other sites of its provider. */
    Allowance allowance() {
        return allowance;
    }

    /** What sites have in common. */
    record Shares(Streams streams, Providers providers, Common common, Circuits circuits) {}

    /** Is told each change of a circuit. */
    interface Circuits {
        void changed(Site site, Circuit before, Circuit after);
    }

    /** What bounds all next hops together. */
    record Common(List<CommonRate> messages, List<CommonRate> connections) {
        static final Common NONE = new Common(List.of(), List.of());

        static Common of(RelaySettings.Total total, long nowMillis) {
            return new Common(
                    rates(total.messagesPerMinute(), nowMillis),
                    rates(total.connectionsPerMinute(), nowMillis));
        }

        /** And what bounds the connections to a provider. */
        Common with(List<CommonRate> ofProvider) {
            return ofProvider.isEmpty()
                    ? this
                    : new Common(
                            messages,
                            Stream.concat(connections.stream(), ofProvider.stream()).toList());
        }

        static List<CommonRate> rates(int perMinute, long nowMillis) {
            return perMinute == 0 ? List.of() : List.of(new CommonRate(perMinute, nowMillis));
        }
    }

    /** What it has in common with all others. */
    Common common() {
        return common;
    }

    /** More than may soon go is in memory already, as far as that is for all together. */
    boolean isBehind(int count, long nowMillis) {
        for (CommonRate rate : common.messages()) {
            if (rate.isBehind(count, nowMillis)) {
                return true;
            }
        }
        return false;
    }

    /** From when on something that waits may go: now, or an instant to come. */
    long nextMillis(long nowMillis) {
        return Math.max(rate().nextMillis(nowMillis), queue.nextMillis(nowMillis));
    }

    /**
     * What its route and source say.
     *
     * @param perMinute messages; 0 for no bound
     * @param warmUp what its source adds; what can't go by it goes by another one
     */
    record Bounds(int connections, int perMinute, WarmUp warmUp) {
        static Bounds of(Route.Hop by) {
            return new Bounds(by.connectionsMax(), by.messagesPerMinute(), by.source().warmUp());
        }

        static Bounds of(int connections) {
            return new Bounds(connections, 0, WarmUp.NONE);
        }
    }

    /** The settings of its route, as they are now. */
    void settings(Bounds next, Moment now) {
        bounds = next;
        connectionsMax = Math.max(1, next.connections());
        warm(now);
    }

    /** As much may go as its source may send today. */
    void warm(Moment now) {
        double most = bounds.perMinute() == 0 ? Double.POSITIVE_INFINITY : bounds.perMinute();
        double today = bounds.warmUp().perMinute(Instant.ofEpochMilli(now.wall()));
        isWarmingUp = !Double.isInfinite(today);
        allowance.ceiling(Math.min(most, today), now.steady());
    }

    /** A worker that looked its domain up may come with its group: the rates have room for it. */
    boolean admits(long nowMillis) {
        return rate().nextMillis(nowMillis) <= nowMillis
                && allowance.connections().stream()
                        .allMatch(rate -> rate.nextMillis(nowMillis) <= nowMillis);
    }

    /** It comes. */
    void admit(long nowMillis) {
        rate().take(nowMillis);
        allowance.connections().forEach(rate -> rate.take(nowMillis));
    }

    /** True when mail that may go by another source had better. */
    boolean isBusy(long nowMillis) {
        boolean waits = !queue.isEmpty() || rate().nextMillis(nowMillis) > nowMillis;
        return rate().isSuspended(nowMillis) || (isWarmingUp && waits);
    }

    /** True when one more would wait for long, and perhaps another source takes it. */
    boolean isWarmingUpAndWaitedFor() {
        return isWarmingUp && !queue.isEmpty();
    }

    boolean isStore() {
        return key.equals(Hop.Store.HERE.site());
    }

    FairQueue<Attempt.Group> queue() {
        return queue;
    }

    /** Some of the deliveries parked here, each with its domain. */
    Map<DeliveryId, String> parked() {
        return parked;
    }

    /** Domains of others that are parked here. */
    Set<String> domains() {
        return domains;
    }

    Deque<Worker> idle() {
        return idle;
    }

    /** What the site said last, or what happened there. */
    Reply lastReply() {
        return lastReply;
    }

    void lastReply(Reply reply) {
        lastReply = reply;
    }

    /** True when a group may stand in the queue; otherwise its delivery is parked. */
    boolean isOpenFor(long nowMillis) {
        if (rate().isSuspended(nowMillis)) {
            return false;
        }
        circuit.tick(nowMillis, budget);
        if (circuit.isClosed()) {
            return true;
        }
        return !circuit.isOpen() && taken() == 0 && queue.isEmpty();
    }

    /** True when one more worker is wanted for what waits. */
    boolean wantsWorker(long nowMillis) {
        if (queue.isEmpty() || taken() >= connectionsMax || !idle.isEmpty()) {
            return false;
        }
        if (taken() == 0 || isStore()) {
            return (long) workers * groupsPerWorker < queue.size();
        }
        return circuit.isClosed()
                && taken() < window.connections()
                && (long) workers * groupsPerWorker < queue.size()
                && nowMillis - rampMillis >= RAMP_MILLIS;
    }

    /** True when a worker that has work may join. */
    boolean takesWorker() {
        return idle.isEmpty()
                && allowance.hasRoom()
                && taken() < Math.min(connectionsMax, window.connections());
    }

    void workerStarted(long nowMillis) {
        workers++;
        allowance.joined();
        rampMillis = nowMillis;
    }

    void workerEnded() {
        workers--;
        allowance.left();
    }

    /** It takes nothing more; its connection counts until it is closed. */
    void workerLeaves() {
        workers--;
        leaving++;
    }

    void workerLeft() {
        leaving--;
        allowance.left();
    }

    /** Connections that there are, or may be, until workers have left. */
    private int taken() {
        return workers + leaving;
    }

    int workers() {
        return workers;
    }

    void connected() {
        established++;
    }

    void disconnected() {
        established--;
    }

    /** Connections that stand. */
    int established() {
        return established;
    }

    /** Connections there may be, as far as the host said that it takes no more. */
    int connectionsMost(long nowMillis) {
        int taken =
                window.isLimited(nowMillis)
                        ? Math.max(window.connections(), window.threshold())
                        : Integer.MAX_VALUE;
        return Math.min(Math.min(connectionsMax, allowance.connectionsMax()), taken);
    }

    /** How mail goes. */
    Standing.Pace pace(long nowMillis) {
        if (!circuit.isClosed() || rate().isSuspended(nowMillis)) {
            return Standing.Pace.PAUSING;
        }
        boolean isFull = window.isLimited(nowMillis) && established >= window.connections();
        return isFull || !rate().isForgettable(nowMillis)
                ? Standing.Pace.SLOWED
                : Standing.Pace.FREE;
    }

    /** A connection did not come about beside those that stand: no other one for a while. */
    void dialFailed(long nowMillis) {
        rampMillis = nowMillis + FAILED_DIAL_MILLIS - RAMP_MILLIS;
    }

    /** The host takes no more connections than there are: none is added for a while. */
    PathRate.@Nullable Change limited(long nowMillis) {
        return window.limited(established, nowMillis);
    }

    /**
     * It answered.
     *
     * @param messages that it took
     */
    PathRate.@Nullable Change works(int messages, long nowMillis) {
        if (!circuit.isClosed()) {
            window.restart();
            slots.restart();
        }
        circuit.succeeded(nowMillis);
        return window.delivered(messages, connectionsMax, nowMillis);
    }

    /** A transaction took this long. */
    void took(long millis, long nowMillis) {
        window.took(millis, nowMillis);
    }

    /** How many of what is parked may join the queue now, so that it does not come all at once. */
    int room() {
        return Math.max(0, RELEASED_EACH * window.connections() - queue.size());
    }

    /** A plan failed. */
    void failed(long nowMillis, RetrySchedule schedule) {
        circuit.failed(nowMillis, workers, schedule);
    }

    /** When deliveries that are given back come again. */
    ReturnSlots slots() {
        return slots;
    }

    /**
     * When a delivery comes again that can't go now: soon where it is for another source to take;
     * otherwise as it is its turn by the rates.
     */
    long comesAgain(long nowMillis) {
        return isWarmingUpAndWaitedFor()
                ? slots.next(nowMillis + OTHER_SOURCE_MILLIS, nowMillis)
                : turn(nowMillis);
    }

    /** The same for one that no source can take. */
    long turn(long nowMillis) {
        long turn = ownTurn(nowMillis);
        for (List<CommonRate> rates : List.of(common.messages(), common.connections())) {
            for (CommonRate rate : rates) {
                boolean waits = rate.nextMillis(nowMillis) > nowMillis;
                turn = waits ? Math.max(turn, rate.turn(nowMillis)) : turn;
            }
        }
        return turn;
    }

    private long ownTurn(long nowMillis) {
        if (!rate().isBounded()) {
            return slots.next(nowMillis + FULL_MILLIS, nowMillis);
        }
        double interval = rate().intervalMillis();
        double behind = rate().nextMillis(nowMillis) + queue.size() * interval;
        double last = nowMillis + (double) TURN_MAX_MILLIS;
        lastTurn = Math.min(Math.max(lastTurn + interval, behind), last);
        return slots.next((long) lastTurn, nowMillis);
    }

    /** True if one more may be read although the queue is full: a bounded number in a second. */
    boolean takeLook(long nowMillis) {
        long second = nowMillis / FULL_MILLIS;
        if (second != looksIn) {
            looksIn = second;
            looks = 0;
        }
        looks++;
        return looks <= LOOKS_MAX;
    }

    /** When what is parked may come: the end of an outage's wait, or of a suspension. */
    long opensMillis(long otherwise) {
        long probe = circuit.isOpen() ? circuit.untilMillis() : otherwise;
        return Math.max(probe, rate().suspendedUntilMillis());
    }

    /** True when more waits than may go soon. */
    boolean isAhead() {
        return queue.size() >= Math.max(AHEAD_MIN, rate().minutesWorth());
    }

    /** The same, by half as much again. */
    boolean isFarAhead() {
        return queue.size() / 3 >= Math.max(AHEAD_MIN, rate().minutesWorth()) / 2;
    }

    /** Takes all waiting groups out. */
    List<Attempt.Group> clearQueue() {
        return queue.clear();
    }

    /** Adds what a restart should know. */
    void addFacts(Moment now, List<KnownSites.Fact> facts) {
        if (circuit.probes() > 0) {
            facts.add(
                    new KnownSites.Dead(
                            key,
                            circuit.probes(),
                            now.wallOf(circuit.downSinceMillis()),
                            now.wallOf(circuit.untilMillis())));
        }
        if (window.isLimited(now.steady())) {
            long at = now.wallOf(window.limitedAtMillis());
            facts.add(new KnownSites.Limited(key, window.threshold(), at));
        }
        if (rate().isSlowed() && !rate().isForgettable(now.steady())) {
            boolean suspended = rate().isSuspended(now.steady());
            facts.add(
                    new KnownSites.Slowed(
                            key,
                            rate().thousandths(),
                            now.wallOf(rate().growsAtMillis()),
                            suspended ? now.wallOf(rate().suspendedUntilMillis()) : 0));
        }
    }

    /**
     * It was so when we stopped.
     *
     * @param untilMillis no probe before, if it was dead
     */
    void restore(KnownSites.OfHosts fact, long untilMillis, Moment now) {
        switch (fact) {
            case KnownSites.Dead dead -> {
                long since = now.steadyOf(dead.sinceMillis());
                circuit.restore(dead.probes(), since, now.steadyOf(untilMillis));
            }
            case KnownSites.Limited limited ->
                    window.restore(limited.connections(), now.steadyOf(limited.atMillis()));
            case KnownSites.Slowed slowed ->
                    rate().restore(
                                    slowed.perMinute(),
                                    now.steadyOf(slowed.growsAtMillis()),
                                    now.steadyOf(slowed.suspendedUntilMillis()),
                                    now.steady());
        }
    }

    /** A change of its circuit, to be told. */
    MailEvent event(Moment now, Circuit before, Circuit after) {
        String cause = circuit.isOpen() ? lastReply.toString() : "";
        long until = circuit.isOpen() ? circuit.untilMillis() : now.steady();
        return new MailEvent.CircuitChanged(
                instant(now, now.steady()), key, before, after, cause, instant(now, until));
    }

    /** Adds what was learnt, but for the rate, which others may have in common with it. */
    void addLearned(Moment now, List<Learned> learned) {
        if (!circuit.isClosed()) {
            String down = "down since " + instant(now, circuit.downSinceMillis());
            learned.add(of(Learned.Kind.CIRCUIT, down, now, circuit.untilMillis()));
        }
        if (window.isLimited(now.steady())) {
            long until = window.limitedAtMillis() + PathWindow.KEPT_MILLIS;
            learned.add(of(Learned.Kind.CONNECTIONS, window.text(), now, until));
        }
    }

    /** Adds what was learnt about the rate. */
    void addLearnedRate(Moment now, List<Learned> learned) {
        long soon = now.steady();
        if (rate().isSuspended(soon) || !rate().isForgettable(soon)) {
            long until = Math.max(rate().suspendedUntilMillis(), rate().growsAtMillis());
            learned.add(of(Learned.Kind.RATE, rate().learned(soon), now, until));
        }
    }

    private Learned of(Learned.Kind kind, String what, Moment now, long untilMillis) {
        return new Learned(key, kind, what, instant(now, untilMillis));
    }

    private static Instant instant(Moment now, long steadyMillis) {
        return Instant.ofEpochMilli(now.wallOf(steadyMillis));
    }

    /** An operator takes back what was learnt; returns what changes of it is to be told. */
    List<PathRate.Change> clear(long nowMillis) {
        circuit.clear();
        slots.restart();
        lastTurn = Long.MIN_VALUE / 2.0;
        rampMillis = Math.min(rampMillis, nowMillis - RAMP_MILLIS);
        return Stream.of(
                        Optional.ofNullable(window.clear(nowMillis)),
                        Optional.ofNullable(rate().clear(nowMillis)))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Nothing is queued, nothing runs. */
    boolean isQuiet() {
        return taken() == 0 && queue.isEmpty();
    }

    /** The same, and nothing need be remembered: what waits for it has come long ago. */
    boolean isForgettable(long nowMillis) {
        return isQuiet()
                && rate().isForgettable(nowMillis)
                && !window.isLimited(nowMillis)
                && (circuit.isClosed() || circuit.untilMillis() + REMEMBERED_MILLIS < nowMillis);
    }
}

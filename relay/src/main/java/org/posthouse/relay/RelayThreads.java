package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Threads.Task;
import org.posthouse.platform.TimeSource;
import org.posthouse.policy.Passage;
import org.posthouse.policy.PolicySet;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.StoredDelivery;
import org.posthouse.spool.StoredMessage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/** Puts the parts of the relay together, starts their threads and ends them. */
final class RelayThreads {
    private static final int CREDIT = 1024;
    private static final Duration CUT_TIMEOUT = Duration.ofSeconds(10);

    private final RelayParts parts;
    private final TimeSource time;
    private final Dispatcher dispatcher;
    private final Settler settler;
    private final Completion completion;
    private final RetrySchedule schedule;
    private final ReplyClassifier replies;
    private final Completion.Surroundings around;
    private final HostMemory memory;
    private final SourceChoice sources;
    private final GreyHosts greyHosts;
    private final Crew workers;
    private final Crew askers;
    private final Crew dials;
    private final @Nullable SiteKeeper keeper;
    private final StsKeeper policies;
    private final SuspensionBook suspensions;
    private final Guard takerGuard = new Guard();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as are those below. */
    private final Set<Worker> atWork = new LinkedHashSet<>();

    private boolean started;
    private boolean drained;
    private @Nullable Task settling;
    private @Nullable Task keeping;
    private @Nullable Task keepingPolicies;

    RelayThreads(RelayParts parts) {
        this.parts = parts;
        time = parts.platform().time();
        schedule = new RetrySchedule(parts.settings().retry(), parts.platform().entropy());
        replies = new ReplyClassifier(parts.settings().outcomes());
        var returns = new Returns(parts.spool(), time, parts.events());
        dispatcher = new Dispatcher(time, schedule, parts.settings(), returns, this::hire);
        settler = new Settler(parts.spool(), dispatcher, time, parts.events());
        workers = new Crew(parts.platform().threads());
        askers = new Crew(parts.platform().threads());
        dials = new Crew(parts.platform().threads());
        memory = new HostMemory(time);
        sources = new SourceChoice(time, parts.events(), dispatcher::at, dispatcher.changed());
        greyHosts = new GreyHosts();
        keeper = keeper(parts);
        policies = new StsKeeper(parts);
        suspensions =
                new SuspensionBook(
                        parts.memory().map(at -> new SuspensionFile(parts.platform().disk(), at)),
                        time,
                        parts.events());
        around =
                new Completion.Surroundings(
                        time,
                        parts.rules(),
                        parts.events(),
                        parts.settings().copiesTo(),
                        greyHosts);
        var composer = new DsnComposer(parts.settings().hostname(), parts.platform().entropy());
        completion =
                new Completion(
                        parts.hooks(),
                        schedule,
                        new Reporter(parts.spool(), composer, parts.rules(), schedule),
                        dispatcher,
                        settler,
                        askers,
                        around);
    }

    private @Nullable SiteKeeper keeper(RelayParts of) {
        return of.memory()
                .map(directory -> new KnownSites(of.platform().disk(), directory))
                .map(
                        file ->
                                new SiteKeeper(
                                        file, time, dispatcher.changed(), of.events(), this::known))
                .orElse(null);
    }

    private List<KnownSites.Fact> known() {
        List<KnownSites.Fact> facts = new ArrayList<>(sources.known());
        facts.addAll(dispatcher.known());
        return facts;
    }

    SuspensionBook suspensions() {
        return suspensions;
    }

    /** These are in force from now on; what waits for nothing else any more is tried. */
    void obey(SuspensionSet next, List<Suspension> ended) {
        var credit = new Semaphore(CREDIT);
        dispatcher
                .interventions()
                .suspensions(next, ended)
                .forEach(group -> completion.done(group, credit));
        if (!ended.isEmpty()) {
            long unused = parts.spool().admin().wakeDue();
        }
    }

    /** The way of a delivery by the rules of now, from the source that it would go by. */
    Way wayOf(StoredMessage message, QueuedDelivery delivery, StoredDelivery stored) {
        var envelope = message.envelope();
        int first = stored.openRecipients().getFirst();
        Hop hop =
                new Router(sources.of(delivery.id(), stored.progress()), envelope.options())
                        .hop(
                                parts.rules().get(),
                                new Passage(
                                        envelope.reversePath(),
                                        message.origin().login(),
                                        envelope.recipients().get(first).mailbox()),
                                message.dispositions().get(first),
                                stored.progress().via());
        String site = dispatcher.at(hop.site()).site();
        SiteNames names = SiteNames.of(site, hop);
        var facts =
                new SuspensionSet.Facts(
                        delivery.domain(),
                        message.origin().login(),
                        SuspensionSet.Facts.from(envelope.reversePath()),
                        names);
        Suspension by = suspensions.current().find(facts, now());
        return new Way(names.route(), site, names.names(), Optional.ofNullable(by));
    }

    /**
     * What was learnt of a destination.
     *
     * @param cleared it is taken back
     */
    List<Learned> learned(String of, boolean cleared) {
        var destination = Destination.of(parts.rules().get(), of);
        List<Learned> learned =
                new ArrayList<>(dispatcher.interventions().learned(destination, cleared));
        learned.addAll(sources.learned(destination, cleared));
        if (cleared) {
            dispatcher.changed().raise();
            String what = learned.isEmpty() ? "nothing was learnt" : learned.size() + " learnt";
            parts.events()
                    .emit(new MailEvent.QueueChanged(now(), "cleared", "destination " + of, what));
        }
        return learned;
    }

    /** What holds, releases and drops deliveries for their operator. */
    ByHand byHand() {
        return new ByHand(parts.spool(), time, parts.events());
    }

    /** What ends deliveries for their operator. */
    GivingUp givingUp() {
        return new GivingUp(parts.spool(), schedule, completion, around);
    }

    RetrySchedule schedule() {
        return schedule;
    }

    /** What sends deliveries another way for their operator. */
    Redirecting redirecting() {
        return new Redirecting(parts.spool(), time, parts.events());
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Instant now() {
        return time.now();
    }

    /** The sites of a domain's mail, by whichever source. */
    Set<String> sitesOf(String domain) {
        return Router.sitesOf(parts.rules().get(), domain);
    }

    /** The same of several. */
    Map<String, Set<String>> sitesOf(Collection<String> domains) {
        PolicySet rules = parts.rules().get();
        Map<String, Set<String>> sites = new LinkedHashMap<>();
        domains.forEach(domain -> sites.put(domain, Router.sitesOf(rules, domain)));
        return sites;
    }

    void start() {
        lock.lock();
        try {
            if (started) {
                throw new IllegalStateException("a relay is started once");
            }
            started = true;
            List<Attempt.Group> unused =
                    dispatcher.interventions().suspensions(suspensions.load(), List.of());
            keepingPolicies = policies.start(parts.platform().threads());
            settling = parts.platform().threads().start("relay settler", settler::run);
            SiteKeeper keeps = keeper;
            if (keeps != null) {
                List<KnownSites.Fact> kept = keeps.kept();
                dispatcher.restore(kept);
                sources.restore(kept);
                keeping = parts.platform().threads().start("relay sites", keeps::run);
            }
        } finally {
            lock.unlock();
        }
        takerGuard.guards(workers.start("relay taker", this::take));
    }

    private void take() {
        var credit = new Semaphore(CREDIT);
        Launcher launcher = launcher();
        try {
            int room = dispatcher.awaitRoom();
            while (room > 0 && takerGuard.enter()) {
                List<QueuedDelivery> taken = taken(room);
                if (taken.isEmpty()) {
                    return; // the spool is closed
                }
                launcher.launch(taken, credit);
                room = dispatcher.awaitRoom();
            }
        } catch (InterruptedException e) {
            // it is stopped
        }
    }

    private List<QueuedDelivery> taken(int max) throws InterruptedException {
        try {
            return parts.spool().take(max, Deadline.NEVER);
        } finally {
            takerGuard.leave();
        }
    }

    private Launcher launcher() {
        var start =
                new Timetable.Start(
                        time.now().toEpochMilli(),
                        parts.spool().admin().recovery().deliveries(),
                        parts.platform().entropy().below(Integer.MAX_VALUE));
        var timetable = new Timetable(schedule, parts.settings().idleWait(), start);
        return new Launcher(
                parts.spool(), timetable, schedule, dispatcher, completion, around, sources);
    }

    /** Starts a worker; called under the dispatcher's lock. */
    private void hire(Site site) {
        var worker = new Worker(site, dispatcher, completion, time);
        var guard = new Guard();
        var steps = new StepEvents(time, parts.events());
        worker.carries(site.isStore() ? storing(steps) : relaying(worker, steps, guard));
        lock.lock();
        try {
            atWork.add(worker);
        } finally {
            lock.unlock();
        }
        String name = "relay " + site.key();
        guard.guards(
                site.isStore()
                        ? workers.startDedicated(name, () -> work(worker))
                        : workers.start(name, () -> work(worker)));
    }

    private void work(Worker worker) {
        try {
            worker.run();
        } finally {
            lock.lock();
            try {
                atWork.remove(worker);
            } finally {
                lock.unlock();
            }
        }
    }

    private Carrier storing(StepEvents steps) {
        return new StoreCarrier(parts.spool(), parts.store(), steps);
    }

    private Carrier relaying(Worker worker, StepEvents steps, Guard guard) {
        var resolver =
                new MxResolver(
                        parts.platform().dns(),
                        parts.platform().entropy(),
                        parts.settings().hostname(),
                        parts.own(),
                        () -> steps.reached(MailEvent.Step.RESOLVING_ADDRESS));
        var means =
                new SmtpCarrier.Means(
                        parts.spool(),
                        parts.settings(),
                        replies,
                        parts.hooks(),
                        policies.policies(),
                        dials,
                        sources,
                        greyHosts);
        var connector =
                new Connector(
                        parts.platform(), means, parts.tls(), parts.own(), memory, steps, guard);
        return new SmtpCarrier(means, resolver, connector, steps, guard, worker);
    }

    void drain(Duration within) {
        Task last;
        Task keeps;
        Task keepsPolicies;
        lock.lock();
        try {
            if (drained || !started) {
                drained = true;
                started = true;
                return;
            }
            drained = true;
            last = settling;
            keeps = keeping;
            keepsPolicies = keepingPolicies;
        } finally {
            lock.unlock();
        }
        var credit = new Semaphore(CREDIT);
        dispatcher.stop().forEach(group -> completion.cut(group, credit));
        takerGuard.cut();
        boolean interrupted = joinAll(time.after(within), last);
        policies.stop();
        interrupted |= joinKeeper(keepsPolicies);
        interrupted |= keepSites(keeps);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** True when the waiting thread was interrupted: the rest is then cut at once. */
    private boolean joinAll(Deadline deadline, @Nullable Task last) {
        boolean interrupted = false;
        try {
            if (!workers.join(deadline) || !askers.join(deadline)) {
                cut();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            cut();
        }
        try {
            Deadline end = time.after(CUT_TIMEOUT);
            boolean ended = workers.join(end) && askers.join(end) && dials.join(end);
            settler.finish();
            ended &= last == null || last.join(time.after(CUT_TIMEOUT));
            dispatcher.giveBackAll();
            if (!ended) {
                parts.events()
                        .emit(
                                new MailEvent.Trouble(
                                        time.now(), "PH-D092", "attempts that could not be ended"));
            }
        } catch (InterruptedException e) {
            interrupted = true;
            settler.finish();
            dispatcher.giveBackAll();
        }
        return interrupted;
    }

    /** True when the waiting thread was interrupted. */
    private boolean keepSites(@Nullable Task keeps) {
        SiteKeeper with = keeper;
        if (with == null || keeps == null) {
            return false;
        }
        with.stop();
        return joinKeeper(keeps);
    }

    private boolean joinKeeper(@Nullable Task keeps) {
        try {
            boolean unused = keeps == null || keeps.join(time.after(CUT_TIMEOUT));
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void cut() {
        List<Worker> left;
        lock.lock();
        try {
            left = List.copyOf(atWork);
        } finally {
            lock.unlock();
        }
        settler.hurry();
        left.forEach(Worker::cut);
        askers.running().forEach(Task::interrupt);
    }
}

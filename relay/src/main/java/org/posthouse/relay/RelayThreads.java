package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.Threads.Task;
import org.posthouse.platform.TimeSource;
import org.posthouse.spool.QueuedDelivery;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/** Puts the parts of the relay together, starts their threads and ends them. */
final class RelayThreads {
    private static final int TAKE_MAX = 256;
    private static final int CREDIT = 1024;
    private static final Duration CUT_TIMEOUT = Duration.ofSeconds(10);

    /** The wall clock may jump: it is looked at again after this. */
    private static final Duration CLOCK_CHECK = Duration.ofMinutes(1);

    /** A larger backlog is let go over some time. */
    private static final long BACKLOG_AT_ONCE = 1000;

    private static final int SPREAD_MILLIS = 60_000;

    private final RelayParts parts;
    private final TimeSource time;
    private final Signal timer;
    private final Dispatcher dispatcher;
    private final Settler settler;
    private final Completion completion;
    private final Launcher launcher;
    private final HostMemory memory;
    private final Crew workers;
    private final Crew askers;
    private final Guard takerGuard = new Guard();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as are the three below. */
    private final Set<Worker> atWork = new LinkedHashSet<>();

    private boolean started;
    private boolean drained;
    private @Nullable Task settling;
    private long backlogLeft;

    RelayThreads(RelayParts parts) {
        this.parts = parts;
        time = parts.platform().time();
        timer = time.signal();
        var schedule = new RetrySchedule(parts.settings().retry(), parts.platform().entropy());
        dispatcher = new Dispatcher(time, schedule, parts.settings(), timer, this::hire);
        settler = new Settler(parts.spool(), dispatcher, time, parts.events());
        workers = new Crew(parts.platform().threads());
        askers = new Crew(parts.platform().threads());
        memory = new HostMemory(time);
        var around = new Completion.Surroundings(time, parts.rules(), parts.events());
        var composer = new DsnComposer(parts.settings().hostname(), parts.platform().entropy());
        completion =
                new Completion(
                        parts.hooks(),
                        schedule,
                        new Reporter(parts.spool(), composer, parts.rules()),
                        dispatcher,
                        settler,
                        askers,
                        around);
        launcher = new Launcher(parts.spool(), dispatcher, completion, around);
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Instant now() {
        return time.now();
    }

    void start() {
        lock.lock();
        try {
            if (started) {
                throw new IllegalStateException("a relay is started once");
            }
            started = true;
            backlogLeft = parts.spool().admin().recovery().deliveries();
            settling = parts.platform().threads().start("relay settler", settler::run);
        } finally {
            lock.unlock();
        }
        takerGuard.guards(workers.start("relay taker", this::take));
        workers.start("relay timer", this::tick);
    }

    private void take() {
        var credit = new Semaphore(CREDIT);
        var arrivals = new Backlog();
        while (!dispatcher.isStopping() && takerGuard.enter()) {
            List<QueuedDelivery> taken;
            try {
                taken = parts.spool().take(TAKE_MAX, Deadline.NEVER);
            } catch (InterruptedException e) {
                return;
            } finally {
                takerGuard.leave();
            }
            if (taken.isEmpty()) {
                return; // the spool is closed
            }
            launcher.launch(dispatcher.arrived(taken, arrivals), credit);
        }
    }

    private void tick() {
        var credit = new Semaphore(CREDIT);
        try {
            while (!dispatcher.isStopping()) {
                List<Delivery> due = dispatcher.due(TAKE_MAX);
                if (due.isEmpty()) {
                    boolean unused = timer.await(nextAlarm());
                } else {
                    launcher.launch(due, credit);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Deadline nextAlarm() {
        long at = dispatcher.nextAlarmMillis();
        if (at == Scheduler.NEVER) {
            return Deadline.NEVER;
        }
        Duration left = Duration.ofMillis(Math.max(0, at - time.now().toEpochMilli()));
        return time.after(left.compareTo(CLOCK_CHECK) > 0 ? CLOCK_CHECK : left);
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
        guard.guards(workers.start("relay " + site.key(), () -> work(worker)));
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
                        parts.own());
        var connector =
                new Connector(
                        parts.platform(),
                        parts.settings(),
                        parts.tls(),
                        parts.own(),
                        memory,
                        steps,
                        guard);
        return new SmtpCarrier(
                parts.spool(), parts.settings(), resolver, connector, steps, guard, worker);
    }

    void drain(Duration within) {
        Task last;
        lock.lock();
        try {
            if (drained || !started) {
                drained = true;
                started = true;
                return;
            }
            drained = true;
            last = settling;
        } finally {
            lock.unlock();
        }
        var credit = new Semaphore(CREDIT);
        dispatcher.stop().forEach(group -> completion.cut(group, credit));
        takerGuard.cut();
        boolean interrupted = joinAll(time.after(within), last);
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
            boolean ended = workers.join(end) && askers.join(end);
            settler.finish();
            ended &= last == null || last.join(time.after(CUT_TIMEOUT));
            if (!ended) {
                parts.events()
                        .emit(
                                new MailEvent.Trouble(
                                        time.now(), "PH-D092", "attempts that could not be ended"));
            }
        } catch (InterruptedException e) {
            interrupted = true;
            settler.finish();
        }
        return interrupted;
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

    /**
     * When what comes from the spool is due first: fresh relayed mail after the idle wait, a large
     * overdue backlog spread over a minute, unless the operator gave the delays.
     */
    private final class Backlog implements Dispatcher.Arrivals {
        @Override
        public long dueMillis(QueuedDelivery queued, long nowMillis) {
            long due = queued.progress().nextDueAt().toEpochMilli();
            boolean fresh =
                    queued.progress().attempts() == 0 && queued.progress().lastReply().isEmpty();
            if (fresh && !queued.local()) {
                due += parts.settings().idleWait().toMillis();
            }
            boolean old = backlogLeft > 0;
            backlogLeft -= old ? 1 : 0;
            boolean spreads =
                    old
                            && due <= nowMillis
                            && parts.settings().retry().ladder().isEmpty()
                            && parts.spool().admin().recovery().deliveries() > BACKLOG_AT_ONCE;
            return spreads ? nowMillis + parts.platform().entropy().below(SPREAD_MILLIS) : due;
        }
    }
}

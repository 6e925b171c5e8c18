package org.posthouse.relay;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.platform.Threads;
import org.posthouse.platform.TimeSource;
import org.posthouse.policy.PolicySet;
import org.posthouse.relay.RelayHooks.FailedAttempt;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Progress;
import org.posthouse.spool.Settlement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Ends attempts: asks the program, reckons, prepares reports, hands over to the settler. */
final class Completion {
    /** What broke while it was being completed waits so long: it may have been delivered. */
    static final Duration BROKEN_PAUSE = Duration.ofMinutes(15);

    private static final Reply STOPPED = Reply.of(421, "4.3.2", "stopped in the middle");
    private static final Reply BROKEN = Reply.of(451, "4.3.0", "an internal error");

    private final TimeSource time;
    private final RetrySchedule schedule;
    private final Supplier<PolicySet> rules;
    private final RelayHooks hooks;
    private final MailEvents events;
    private final Optional<Mailbox> copiesTo;
    private final GreyHosts greyHosts;
    private final Reporter reporter;
    private final Dispatcher dispatcher;
    private final Settler settler;
    private final Crew askers;

    Completion(
            RelayHooks hooks,
            RetrySchedule schedule,
            Reporter reporter,
            Dispatcher dispatcher,
            Settler settler,
            Crew askers,
            Surroundings around) {
        this.hooks = hooks;
        this.schedule = schedule;
        this.reporter = reporter;
        this.dispatcher = dispatcher;
        this.settler = settler;
        this.askers = askers;
        time = around.time();
        rules = around.rules();
        events = around.events();
        copiesTo = around.copiesTo();
        greyHosts = around.greyHosts();
    }

    /** What every step needs. */
    record Surroundings(
            TimeSource time,
            Supplier<PolicySet> rules,
            MailEvents events,
            Optional<Mailbox> copiesTo,
            GreyHosts greyHosts) {}

    /** A group has all its outcomes; the last one of its attempt completes it. */
    void done(Attempt.Group group, Semaphore credit) {
        if (group.attempt().groupDone()) {
            complete(group.attempt(), credit);
        }
    }

    /** A bug, or the spool's disk: whatever it was, the delivery must not stay with us. */
    private void guarded(Attempt attempt, Runnable step) {
        boolean ended = false;
        try {
            step.run();
            ended = true;
        } catch (RuntimeException e) {
            trouble("an attempt of " + attempt.delivery().id() + " could not be ended: " + e);
        } finally {
            if (!ended) {
                dispatcher.putBack(attempt.delivery(), BROKEN_PAUSE);
            }
        }
    }

    void trouble(String text) {
        events.emit(new MailEvent.Trouble(time.now(), "PH-D090", text));
    }

    /** Attempting it threw: a bug, or the spool's disk. It waits like any failed attempt. */
    void broke(Attempt.Group group, RuntimeException failure, Semaphore credit) {
        trouble("an attempt of " + group.attempt().delivery().id() + " broke: " + failure);
        group.all(new Outcome.Deferred(BROKEN, Outcome.Cause.TEMPORARY), "");
        done(group, credit);
    }

    /** It waited for its turn beyond the instant of its message: nothing is sent any more. */
    void over(Attempt.Group group, Semaphore credit) {
        Reply last = Launcher.lastOf(group.attempt(), Launcher.WAITING);
        group.allInOurWords(new Outcome.Deferred(last, Outcome.Cause.NET), "");
        done(group, credit);
    }

    /** It was cut: what nothing is known of stays as it is in the spool. */
    void cut(Attempt.Group group, Semaphore credit) {
        if (group.attempt().isUntouched()) {
            dispatcher.putBack(group.attempt().delivery(), Duration.ZERO);
        } else {
            group.all(new Outcome.Deferred(STOPPED, Outcome.Cause.NET), "");
            done(group, credit);
        }
    }

    /** All outcomes are there. */
    void complete(Attempt attempt, Semaphore credit) {
        if (hooks.equals(RelayHooks.NONE) || isDelivered(attempt)) {
            guarded(attempt, () -> settle(attempt, FailedAttempt.Advice.NONE, credit));
        } else {
            Runnable step = () -> settle(attempt, ask(attempt), credit);
            Threads.Task unused = askers.start("relay hook", () -> guarded(attempt, step));
        }
    }

    private static boolean isDelivered(Attempt attempt) {
        for (int index = 0; index < attempt.count(); index++) {
            if (!(attempt.outcome(index) instanceof Outcome.Delivered)) {
                return false;
            }
        }
        return true;
    }

    private FailedAttempt.Advice ask(Attempt attempt) {
        List<FailedAttempt.Refused> refused = new ArrayList<>();
        String nexthop = "";
        for (int index = 0; index < attempt.count(); index++) {
            Outcome outcome = attempt.outcome(index);
            if (!(outcome instanceof Outcome.Delivered)) {
                refused.add(new FailedAttempt.Refused(attempt.mailbox(index), outcome));
                nexthop = attempt.nexthop(index);
            }
        }
        try {
            return hooks.failed(
                    new FailedAttempt(attempt.delivery().id(), attempt.number(), nexthop, refused));
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            events.emit(
                    new MailEvent.Trouble(
                            time.now(), "PH-D091", "the hook for failed attempts threw: " + e));
            return FailedAttempt.Advice.NONE;
        }
    }

    /** No attempt was made: only a delay report is due. Nothing is told of it but an end. */
    void look(Attempt attempt, Semaphore credit) {
        guarded(
                attempt,
                () -> {
                    var reckoning = reckoning(attempt, FailedAttempt.Advice.NONE);
                    List<MailEvent> facts =
                            reckoning.open().isEmpty() ? reckoning.events() : List.of();
                    settle(attempt, reckoning, reckoning.lookedAt(), facts, false, credit);
                });
    }

    private Reckoning reckoning(Attempt attempt, FailedAttempt.Advice advice) {
        return new Reckoning(attempt, schedule, rules.get(), time.now(), advice);
    }

    private void settle(Attempt attempt, FailedAttempt.Advice advice, Semaphore credit) {
        var reckoning = reckoning(attempt, advice);
        greyHosts.attempted(attempt, reckoning.open().isEmpty());
        settle(
                attempt,
                reckoning,
                reckoning.progress(),
                reckoning.events(),
                advice.retry(),
                credit);
    }

    private void settle(
            Attempt attempt,
            Reckoning reckoning,
            Progress progress,
            List<MailEvent> facts,
            boolean advised,
            Semaphore credit) {
        Delivery delivery = attempt.delivery();
        var reports = Settling.Remaking.of(() -> reports(attempt, reckoning));
        var settlement =
                new Settlement(
                        delivery.id(),
                        delivery.epoch(),
                        reckoning.open(),
                        progress,
                        reports.make().get());
        credit.acquireUninterruptibly();
        dispatcher.settling(delivery, advised);
        settler.offer(
                new Settling(delivery, attempt.message(), settlement, facts, reports, credit));
    }

    /** The reports and copies that are due, in sinks of the spool. */
    List<Acceptance> reports(Attempt attempt, Reckoning reckoning) {
        List<Acceptance> made = new ArrayList<>(0);
        if (attempt.message().envelope().reversePath() instanceof Mailbox to) {
            for (Report report : reckoning.reports()) {
                made.add(reporter.accept(report, to));
            }
        }
        for (Report copy : copiesTo.isPresent() ? reckoning.copies() : List.<Report>of()) {
            made.add(reporter.accept(copy, copiesTo.get()));
        }
        return made;
    }
}

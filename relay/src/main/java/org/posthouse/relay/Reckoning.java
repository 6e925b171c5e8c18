package org.posthouse.relay;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.EnhancedStatus;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Notify;
import org.posthouse.core.Origin;
import org.posthouse.core.Outcome;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.policy.PolicySet;
import org.posthouse.spool.Progress;
import org.posthouse.spool.StoredMessage;
import org.posthouse.spool.Tried;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the outcomes of an attempt mean for its delivery: who is still open and when again, who
 * failed, which reports are due. Pure; used once.
 */
final class Reckoning {
    private static final int LAST_REPLY_CHARS_MAX = 500;

    /** More recipients are told of in further reports, so that one is of some 2 MB at most. */
    private static final int REPORT_ENTRIES_MAX = 1000;

    private static final EnhancedStatus EXPIRED = EnhancedStatus.of("4.4.7");
    private static final EnhancedStatus DELAYED = EnhancedStatus.of("4.0.0");
    private static final EnhancedStatus FAILED = EnhancedStatus.of("5.0.0");
    private static final EnhancedStatus DONE = EnhancedStatus.of("2.0.0");

    private final Attempt attempt;
    private final RetrySchedule schedule;
    private final Instant now;
    private final RelayHooks.FailedAttempt.Advice advice;
    private final boolean expired;
    private final Instant expiresAt;
    private final List<Integer> open = new ArrayList<>(0);
    private final List<Integer> openIndexes = new ArrayList<>(0);
    private final List<Integer> failedIndexes = new ArrayList<>(0);
    private final List<Integer> deliveredIndexes = new ArrayList<>(1);
    private final List<Report> reports = new ArrayList<>(0);
    private Progress progress;

    Reckoning(
            Attempt attempt,
            RetrySchedule schedule,
            PolicySet rules,
            Instant now,
            RelayHooks.FailedAttempt.Advice advice) {
        this.attempt = attempt;
        this.schedule = schedule;
        this.now = now;
        this.advice = advice;
        expiresAt = schedule.expiresAt(attempt.message());
        expired = !now.isBefore(expiresAt);
        progress = attempt.progress();
        sort();
        if (!openIndexes.isEmpty()) {
            progress = next();
        }
        report(rules);
        progress = progress.lookAt(lookAt(progress.warned()));
    }

    /** Positions of the recipients still not done. */
    List<Integer> open() {
        return open;
    }

    /** The state of what is left. */
    Progress progress() {
        return progress;
    }

    /** The same if no attempt was made: it was only time for a delay report. */
    Progress lookedAt() {
        return attempt.progress().withWarning().lookAt(lookAt(true));
    }

    private Instant lookAt(boolean warned) {
        return Instant.ofEpochMilli(schedule.lookMillis(attempt.message(), warned));
    }

    /** Reports to accept in the same commit; none for a null reverse-path. */
    List<Report> reports() {
        return reports;
    }

    /** What to tell once it is durable. */
    List<MailEvent> events() {
        List<MailEvent> events = new ArrayList<>(attempt.count());
        DeliveryId id = attempt.delivery().id();
        int number = attempt.number();
        for (int index : deliveredIndexes) {
            Outcome outcome = attempt.outcome(index);
            Duration elapsed = Duration.between(attempt.message().acceptedAt(), now);
            events.add(
                    new MailEvent.Delivered(
                            now,
                            id,
                            attempt.mailbox(index),
                            attempt.nexthop(index),
                            outcome.reply(),
                            number,
                            elapsed,
                            attempt.progress().possibleDuplicate()));
        }
        for (int index : openIndexes) {
            events.add(
                    new MailEvent.Deferred(
                            now,
                            id,
                            attempt.mailbox(index),
                            attempt.nexthop(index),
                            attempt.outcome(index).reply(),
                            number,
                            progress.nextDueAt(),
                            causeOf(attempt.outcome(index)),
                            isPossibleDuplicate(index)));
        }
        for (int index : failedIndexes) {
            events.add(
                    new MailEvent.Failed(
                            now,
                            id,
                            attempt.mailbox(index),
                            attempt.nexthop(index),
                            failure(index),
                            number,
                            isReported(index),
                            isPossibleDuplicate(index)));
        }
        if (attempt.message().envelope().reversePath().isNull()) {
            for (int index : failedIndexes) {
                events.add(
                        new MailEvent.Unreported(now, id, attempt.mailbox(index), failure(index)));
            }
        }
        return events;
    }

    /** This recipient may have the message: by this attempt, or by one before. */
    private boolean isPossibleDuplicate(int index) {
        return attempt.progress().possibleDuplicate() || isAmbiguous(attempt.outcome(index));
    }

    private void sort() {
        for (int index = 0; index < attempt.count(); index++) {
            boolean retried = advice.retry() && !expired;
            switch (attempt.outcome(index)) {
                case Outcome.Delivered delivered -> deliveredIndexes.add(index);
                case Outcome.Failed failed -> (retried ? openIndexes : failedIndexes).add(index);
                case Outcome.Deferred deferred ->
                        (expired ? failedIndexes : openIndexes).add(index);
            }
        }
        for (int index : openIndexes) {
            open.add(attempt.position(index));
        }
    }

    private Progress next() {
        Progress before = attempt.progress();
        boolean counts = advice.retry();
        for (int index : openIndexes) {
            counts |= !isNet(attempt.outcome(index));
        }
        int attempts = before.attempts() + (counts ? 1 : 0);
        String last = attempt.outcome(openIndexes.get(0)).reply().toString();
        boolean cut = last.length() > LAST_REPLY_CHARS_MAX;
        return new Progress(
                attempts,
                dueAt(attempts),
                before.lookAt(),
                before.held(),
                before.warned(),
                cut ? last.substring(0, LAST_REPLY_CHARS_MAX) : last,
                via(before.via()),
                Optional.of(tried(before)));
    }

    /** What an operator chose stays; a hook's choice is for one attempt. */
    private String via(String before) {
        String lasting = Router.lasting(before);
        return advice.retry() && lasting.isEmpty() ? advice.via() : lasting;
    }

    /** The cause is that of the first recipient that is left, as is the reply. */
    private Tried tried(Progress before) {
        boolean duplicate = before.possibleDuplicate();
        for (int index : openIndexes) {
            duplicate |= isAmbiguous(attempt.outcome(index));
        }
        return new Tried(
                before.tried().map(Tried::firstAt).orElse(now),
                now,
                causeOf(attempt.outcome(openIndexes.get(0))),
                duplicate);
    }

    /** A hook may have a failure tried again. */
    private static Outcome.Cause causeOf(Outcome outcome) {
        return outcome instanceof Outcome.Deferred deferred
                ? deferred.cause()
                : Outcome.Cause.TEMPORARY;
    }

    private static boolean isAmbiguous(Outcome outcome) {
        return outcome instanceof Outcome.Deferred deferred
                && deferred.cause() == Outcome.Cause.AMBIGUOUS;
    }

    /**
     * The earliest of what the recipients need, since they go together; but not before what one of
     * them must not be tried before. The last attempt comes when the message expires, even where
     * that is sooner: a second copy, or a host that is asked too early, is better than no copy.
     */
    private Instant dueAt(int attempts) {
        Instant earliest = expiresAt;
        Instant floor = now;
        for (int index : openIndexes) {
            Outcome outcome = attempt.outcome(index);
            Instant at = dueAt(outcome, attempts);
            earliest = at.isBefore(earliest) ? at : earliest;
            floor = isFloor(outcome) && at.isAfter(floor) ? at : floor;
        }
        Instant due = floor.isAfter(earliest) ? floor : earliest;
        return due.isAfter(expiresAt) ? expiresAt : due;
    }

    /** True for one that was perhaps delivered, or whose host said how long it has to wait. */
    private boolean isFloor(Outcome outcome) {
        return !advice.retry()
                && outcome instanceof Outcome.Deferred deferred
                && (deferred.cause() == Outcome.Cause.AMBIGUOUS || !hint(deferred).isZero());
    }

    private static Duration hint(Outcome.Deferred deferred) {
        return switch (deferred.cause()) {
            case GREYLISTED -> RetryHint.of(deferred.reply());
            case TEMPORARY, RATE, REPUTATION, MAILBOX -> RetryHint.asked(deferred.reply());
            case NET, AMBIGUOUS -> Duration.ZERO;
        };
    }

    private Instant dueAt(Outcome outcome, int attempts) {
        if (advice.retry()) {
            return now.plus(advice.after());
        }
        if (outcome instanceof Outcome.Deferred deferred && !isNet(outcome)) {
            return now.plus(schedule.delayAfter(deferred.cause(), attempts, hint(deferred)));
        }
        Instant site = Instant.ofEpochMilli(attempt.notBeforeMillis());
        return site.isAfter(now) ? site : now.plus(schedule.probeDelay(1, Duration.ZERO));
    }

    private static boolean isNet(Outcome outcome) {
        return outcome instanceof Outcome.Deferred deferred
                && deferred.cause() == Outcome.Cause.NET;
    }

    private void report(PolicySet rules) {
        boolean warn =
                !progress.warned()
                        && !openIndexes.isEmpty()
                        && Warning.isDue(attempt, schedule, now);
        if (warn) {
            progress = progress.withWarning();
        }
        if (attempt.message().envelope().reversePath().isNull()) {
            return;
        }
        add(Report.Action.FAILED, failedIndexes.stream().filter(this::isReported).toList());
        if (warn) {
            List<Integer> warned =
                    openIndexes.stream()
                            .filter(
                                    i ->
                                            Warning.isWanted(
                                                    attempt.message(), attempt.recipient(i), rules))
                            .toList();
            add(Report.Action.DELAYED, warned);
        }
        List<Integer> told = deliveredIndexes.stream().filter(this::wantsSuccess).toList();
        add(Report.Action.DELIVERED, told.stream().filter(attempt::isStored).toList());
        add(Report.Action.RELAYED, told.stream().filter(i -> !attempt.isStored(i)).toList());
    }

    /** Not for what was thrown away: nobody has it. */
    private boolean wantsSuccess(int index) {
        Notify wanted = attempt.recipient(index).notifyOn();
        return !attempt.nexthop(index).isEmpty()
                && wanted.specified()
                && wanted.success()
                && !attempt.reportsHandedOn(index);
    }

    private boolean isReported(int index) {
        return !attempt.message().envelope().reversePath().isNull()
                && attempt.recipient(index).notifyOn().failure();
    }

    /**
     * Reports for somebody else than the reverse-path: of everybody who failed, whatever the
     * message wants. None of our own reports: a copy that fails must not be copied.
     */
    List<Report> copies() {
        StoredMessage message = attempt.message();
        boolean own =
                message.envelope().reversePath().isNull()
                        && message.origin().equals(Origin.INTERNAL);
        return own ? List.of() : made(Report.Action.FAILED, failedIndexes);
    }

    private void add(Report.Action action, List<Integer> indexes) {
        reports.addAll(made(action, indexes));
    }

    private List<Report> made(Report.Action action, List<Integer> indexes) {
        List<Report.Entry> entries = new ArrayList<>(indexes.size());
        for (int index : indexes) {
            entries.add(
                    new Report.Entry(
                            attempt.recipient(index),
                            status(action, attempt.outcome(index)),
                            attempt.outcome(index).reply().toString(),
                            attempt.saidBy(index),
                            action == Report.Action.DELAYED ? expiresAt : Instant.EPOCH));
        }
        List<Report> made = new ArrayList<>(1);
        for (int from = 0; from < entries.size(); from += REPORT_ENTRIES_MAX) {
            int to = Math.min(entries.size(), from + REPORT_ENTRIES_MAX);
            made.add(new Report(attempt.message(), action, now, entries.subList(from, to)));
        }
        return made;
    }

    /** The status agrees with the action, whatever the host said with it. */
    private static EnhancedStatus status(Report.Action action, Outcome outcome) {
        EnhancedStatus said = outcome.reply().status();
        return switch (action) {
            case FAILED ->
                    outcome instanceof Outcome.Deferred
                            ? EXPIRED
                            : said.kind() == 5 ? said : FAILED;
            case DELAYED -> said.kind() == 4 ? said : DELAYED;
            case DELIVERED, RELAYED -> said.kind() == 2 ? said : DONE;
        };
    }

    /** The reply that a failure is told with. */
    private Reply failure(int index) {
        Outcome outcome = attempt.outcome(index);
        return outcome instanceof Outcome.Deferred
                ? Reply.of(554, "5.4.7", "given up; last: " + outcome.reply())
                : outcome.reply();
    }

    /** Delay reports. */
    static final class Warning {
        private Warning() {}

        /** The message is old enough for one. */
        static boolean isDue(Attempt attempt, RetrySchedule schedule, Instant now) {
            Duration age = Duration.between(attempt.message().beginsAt(), now);
            return schedule.warns() && age.compareTo(schedule.settings().warnAfter()) >= 0;
        }

        /**
         * True for a recipient that asked for it, and without a word from its client for those of
         * submitters of ours: others would get back-scatter.
         */
        static boolean isWanted(StoredMessage message, Recipient recipient, PolicySet rules) {
            if (recipient.notifyOn().specified()) {
                return recipient.notifyOn().delay();
            }
            var origin = message.origin();
            boolean ours =
                    message.envelope().reversePath() instanceof Mailbox from
                            && rules.localDomains().contains(from.domain());
            return ours || !origin.login().isEmpty() || origin.listener().isEmpty();
        }
    }
}

package org.posthouse.relay;

import org.posthouse.core.MailEvents;
import org.posthouse.core.Outcome;
import org.posthouse.core.Reply;
import org.posthouse.relay.RelayHooks.FailedAttempt;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;

import java.time.Instant;
import java.util.List;

/**
 * Ends a delivery because its operator says so: everybody who is left has failed, and the reports
 * of that are accepted in the commit that ends it. Without a thread of its own; the caller waits
 * for the disk.
 */
final class GivingUp {
    private static final String GIVEN_UP = "given up by the operator";

    private final Spool spool;
    private final RetrySchedule schedule;
    private final Completion completion;
    private final Completion.Surroundings around;

    GivingUp(
            Spool spool,
            RetrySchedule schedule,
            Completion completion,
            Completion.Surroundings around) {
        this.spool = spool;
        this.schedule = schedule;
        this.completion = completion;
        this.around = around;
    }

    /** True when it is durable; otherwise nothing has changed. */
    boolean giveUp(QueuedDelivery claimed) {
        Instant now = around.time().now();
        Attempt attempt = failed(claimed, now);
        var reckoning =
                new Reckoning(
                        attempt, schedule, around.rules().get(), now, FailedAttempt.Advice.NONE);
        List<Acceptance> reports = completion.reports(attempt, reckoning);
        var end =
                new Settlement(
                        claimed.id(), claimed.epoch(), List.of(), reckoning.progress(), reports);
        boolean durable = false;
        try {
            durable = spool.settle(List.of(end));
        } finally {
            if (!durable) {
                reports.forEach(report -> report.content().discard());
            }
        }
        if (durable) {
            MailEvents events = around.events();
            reckoning.events().forEach(events::emit);
            Settler.tellIfSettled(attempt.message(), spool, around.time(), events);
        }
        return durable;
    }

    private Attempt failed(QueuedDelivery claimed, Instant now) {
        var arrival = new Arrival(claimed, now.toEpochMilli(), Long.MAX_VALUE, "");
        var attempt =
                new Attempt(
                        new Delivery(arrival, false, false),
                        spool.message(claimed.id().message()),
                        spool.delivery(claimed.id()));
        String last = attempt.progress().lastReply();
        String text = last.isEmpty() ? GIVEN_UP : GIVEN_UP + "; last: " + last;
        var outcome = new Outcome.Failed(Reply.of(554, "5.3.0", text.replaceAll("[\r\n]+", " ")));
        for (int index = 0; index < attempt.count(); index++) {
            attempt.outcome(index, outcome, "");
        }
        return attempt;
    }
}

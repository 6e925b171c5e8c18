package org.posthouse.relay;

import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;

/**
 * To whom a group's turn belongs: the tenant is its login; without one, the listener it came by and
 * its reverse-path's domain. Reports are a stream of their own, with more in a turn.
 */
final class Streams {
    /** Recipients in one turn. */
    static final int QUANTUM = 20;

    /** The same for reports: there are few, and somebody waits for them. */
    private static final int REPORTS_QUANTUM = 40;

    /** Recipients of one transaction, as far as the order goes. */
    private static final int TRANSACTION = 100;

    private Streams() {}

    static FairQueue.Tag tag(Attempt.Group group) {
        var message = group.attempt().message();
        Origin origin = message.origin();
        boolean report = !(message.envelope().reversePath() instanceof Mailbox);
        int left = Math.max(1, group.leftCount());
        return new FairQueue.Tag(
                report ? "reports by " + origin.listener() : tenant(group),
                message.id().value(),
                Math.min(left, TRANSACTION),
                (left + TRANSACTION - 1) / TRANSACTION,
                report ? REPORTS_QUANTUM : QUANTUM);
    }

    private static String tenant(Attempt.Group group) {
        var message = group.attempt().message();
        Origin origin = message.origin();
        if (!origin.login().isEmpty()) {
            return "login " + origin.login();
        }
        return message.envelope().reversePath() instanceof Mailbox from
                ? "by " + origin.listener() + " of " + from.domain()
                : "by " + origin.listener();
    }
}

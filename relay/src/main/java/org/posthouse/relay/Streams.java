package org.posthouse.relay;

import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.relay.RelaySettings.Tenant;
import org.posthouse.spool.StoredMessage;

/**
 * To whom a group's turn belongs: the tenant is its login; without one, the listener it came by and
 * its reverse-path's domain. Reports are a stream of their own, with more in a turn.
 */
final class Streams {
    /** Recipients in one turn, of a tenant of weight 1. */
    static final int QUANTUM = 20;

    /** The same for reports: there are few, and somebody waits for them. */
    private static final int REPORTS_QUANTUM = 40;

    /** Recipients of one transaction, as far as the order goes. */
    private static final int TRANSACTION = 100;

    private final Tenants tenants;

    Streams(Tenants tenants) {
        this.tenants = tenants;
    }

    /** What waits for a site. */
    FairQueue<Attempt.Group> queue() {
        return new FairQueue<>(this::tag, tenants);
    }

    private FairQueue.Tag tag(Attempt.Group group) {
        var message = group.attempt().message();
        Origin origin = message.origin();
        boolean report = !(message.envelope().reversePath() instanceof Mailbox);
        Tenant tenant = tenants.of(origin.login(), origin.listener());
        int left = Math.max(1, group.leftCount());
        return new FairQueue.Tag(
                report ? "reports by " + origin.listener() : stream(message),
                message.id().value(),
                Math.min(left, TRANSACTION),
                (left + TRANSACTION - 1) / TRANSACTION,
                report ? REPORTS_QUANTUM : QUANTUM * tenant.weight(),
                band(message.envelope().options().priority(), tenant),
                Tenants.bucket(tenant));
    }

    /** A tenant's bulk mail is bulk unless a message is urgent. */
    static int band(int priority, Tenant tenant) {
        if (priority >= MailOptions.URGENT) {
            return FairQueue.URGENT;
        }
        return priority < 0 || tenant.bulk() ? FairQueue.BULK : FairQueue.NORMAL;
    }

    private static String stream(StoredMessage message) {
        Origin origin = message.origin();
        if (!origin.login().isEmpty()) {
            return "login " + origin.login();
        }
        return message.envelope().reversePath() instanceof Mailbox from
                ? "by " + origin.listener() + " of " + from.domain()
                : "by " + origin.listener();
    }
}

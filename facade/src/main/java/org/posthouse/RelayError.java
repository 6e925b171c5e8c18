package org.posthouse;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.SpoolId;
import org.posthouse.relay.RelayHooks.FailedAttempt;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * An attempt that did not deliver to some recipients, before anything is settled: the hook may
 * change the host and retry. Doing nothing leaves it to the retry schedule and, at its end or after
 * a permanent reply, to a report.
 *
 * @since 0.1
 */
public final class RelayError {
    private final FailedAttempt attempt;
    private FailedAttempt.Advice advice = FailedAttempt.Advice.NONE;

    RelayError(FailedAttempt attempt) {
        this.attempt = attempt;
    }

    /** The message. */
    public SpoolId id() {
        return attempt.delivery().message();
    }

    /** The delivery. */
    public DeliveryId delivery() {
        return attempt.delivery();
    }

    /** Number of the attempt, from 1. */
    public int attempt() {
        return attempt.attempt();
    }

    /** Where it went; empty when no next hop was found. */
    public String nexthop() {
        return attempt.nexthop();
    }

    /** The recipients that were not delivered. */
    public List<Mailbox> recipients() {
        return attempt.outcomes().stream().map(FailedAttempt.Refused::recipient).toList();
    }

    /** What was said about them, in the same order. */
    public List<Outcome> outcomes() {
        return attempt.outcomes().stream().map(FailedAttempt.Refused::outcome).toList();
    }

    /** Retries after this time, even if the failure was permanent. */
    public void retry(Duration after) {
        retry(after, "");
    }

    /** Retries after this time by another host, {@code host:port}. */
    public void retry(Duration after, String via) {
        if (after.isNegative()) {
            throw new IllegalArgumentException("a negative time");
        }
        advice = new FailedAttempt.Advice(true, after, Objects.requireNonNull(via));
    }

    FailedAttempt.Advice advice() {
        return advice;
    }
}

package org.posthouse.simulation;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Outcome;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A delivery that was deferred for its own sake is not attempted before the instant that was told,
 * in whatever life. One that waits for its next hop goes when that is there again.
 */
final class NoAttemptBeforeItsInstant implements Invariant {
    @Override
    public List<String> against(Ledger ledger) {
        List<String> broken = new ArrayList<>();
        Map<DeliveryId, Instant> due = new HashMap<>();
        for (Ledger.Told told : ledger.told) {
            switch (told.event()) {
                case MailEvent.Deferred deferred -> {
                    if (deferred.cause() == Outcome.Cause.NET) {
                        due.remove(deferred.delivery());
                    } else {
                        due.put(deferred.delivery(), deferred.nextDueAt());
                    }
                }
                case MailEvent.AttemptStep step -> {
                    Instant instant = due.get(step.delivery());
                    if (step.step() == MailEvent.Step.MAIL
                            && instant != null
                            && step.at().isBefore(instant)) {
                        broken.add(step.delivery() + " at " + step.at() + ", due " + instant);
                    }
                }
                default -> {
                    // nothing about instants
                }
            }
        }
        return broken;
    }
}

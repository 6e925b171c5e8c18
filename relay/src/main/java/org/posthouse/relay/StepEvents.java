package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.client.Steps;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.TlsLevel;
import org.posthouse.platform.TimeSource;

/** Tells the steps of a worker's attempts, one after the other. One thread uses it. */
final class StepEvents implements Steps {
    private final TimeSource time;
    private final MailEvents events;
    private @Nullable DeliveryId delivery;
    private int attempt;
    private String nexthop = "";

    StepEvents(TimeSource time, MailEvents events) {
        this.time = time;
        this.events = events;
    }

    void begin(DeliveryId of, int number) {
        delivery = of;
        attempt = number;
    }

    void begin(Attempt.Group group) {
        begin(group.attempt().delivery().id(), group.attempt().number());
    }

    void at(String host) {
        nexthop = host;
    }

    /** A conversation begins. */
    void secured(TlsLevel level, String version) {
        if (delivery != null) {
            events.emit(new MailEvent.Secured(time.now(), delivery, nexthop, level, version));
        }
    }

    /** A host is not as published. */
    void tlsFailed(TlsTerms.Unproven what, boolean isUsed) {
        events.emit(
                new MailEvent.TlsFailed(
                        time.now(),
                        what.domain(),
                        what.host(),
                        what.wanted(),
                        what.fault(),
                        what.text(),
                        isUsed));
    }

    @Override
    public void reached(MailEvent.Step step) {
        if (delivery != null && !events.equals(MailEvents.NONE)) {
            events.emit(new MailEvent.AttemptStep(time.now(), delivery, attempt, step, nexthop));
        }
    }
}

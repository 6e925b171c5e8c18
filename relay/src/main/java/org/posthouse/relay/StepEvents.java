package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.client.Answer;
import org.posthouse.client.Steps;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Dialogue;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvent.Protection;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Reply;
import org.posthouse.core.TlsLevel;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Tells the steps and tries of a worker's attempts, one after the other. One thread uses it. */
final class StepEvents implements Steps {
    private final TimeSource time;
    private final MailEvents events;
    private @Nullable DeliveryId delivery;
    private int attempt;
    private String nexthop = "";
    private Protection protection = Protection.NONE;
    private MailEvent.Step last = MailEvent.Step.IDLE_WAIT;
    private long begunNanos;

    /** Nothing was tried yet over the connection that is, or is to be, there. */
    private boolean isFresh;

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

    /** A try begins, over the connection that stands. */
    long beginTry() {
        begunNanos = time.nanos();
        return begunNanos;
    }

    /** A try begins with a host that is to be connected to. */
    void beginTry(String host) {
        at(host);
        protection = Protection.NONE;
        isFresh = true;
        long unused = beginTry();
    }

    /** A conversation begins, protected so. */
    void secured(TlsLevel level, String version) {
        protection = new Protection(version, proof(level));
        if (delivery != null) {
            events.emit(new MailEvent.Secured(time.now(), delivery, nexthop, level, version));
        }
    }

    private static String proof(TlsLevel level) {
        return switch (level) {
            case NONE -> "";
            case OPPORTUNISTIC -> "none";
            case VERIFIED -> "certificate";
            case MTA_STS -> "mta-sts";
            case DANE -> "dane";
        };
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
        last = step;
        if (delivery != null && events.wantsSteps()) {
            events.emit(new MailEvent.AttemptStep(time.now(), delivery, attempt, step, nexthop));
        }
    }

    private boolean isHeard() {
        return !events.equals(MailEvents.NONE);
    }

    /** Where it goes is known. */
    void routed(String route, List<Exchangers.Host> hosts) {
        if (delivery != null && isHeard()) {
            List<String> names =
                    hosts.stream()
                            .map(each -> each.name() + " (" + each.preference() + ")")
                            .toList();
            events.emit(new MailEvent.Routed(time.now(), delivery, attempt, route, names));
        }
    }

    /** The try ended with a reply; the dialogue is asked for where that is none to be glad of. */
    void tried(Reply reply, Supplier<Dialogue> dialogue) {
        tried(reply, begunNanos, dialogue);
    }

    /** The same of one that began then. */
    void tried(Reply reply, long begun, Supplier<Dialogue> dialogue) {
        if (delivery == null || !isHeard()) {
            return;
        }
        Instant now = time.now();
        Duration elapsed = Duration.ofNanos(time.nanos() - begun);
        Dialogue said = reply.isPositive() ? Dialogue.NONE : dialogue.get();
        boolean reused = !isFresh && isOfTransaction(last);
        isFresh = false;
        events.emit(
                new MailEvent.Tried(
                        now,
                        delivery,
                        attempt,
                        nexthop,
                        protection,
                        reply,
                        last,
                        elapsed,
                        reused,
                        said));
    }

    private static boolean isOfTransaction(MailEvent.Step step) {
        return switch (step) {
            case MAIL, RCPT, DATA -> true;
            default -> false;
        };
    }

    /** What is told of a transaction: what the first recipient that was not taken was told. */
    static Reply worst(List<Answer> answers) {
        for (Answer answer : answers) {
            if (!answer.isDelivered()) {
                return answer.reply();
            }
        }
        return answers.getLast().reply();
    }
}

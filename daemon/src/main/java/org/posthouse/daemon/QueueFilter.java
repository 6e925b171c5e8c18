package org.posthouse.daemon;

import org.posthouse.QueueView.Entry;
import org.posthouse.core.Glob;
import org.posthouse.core.Mailbox;
import org.posthouse.relay.Way;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Function;

/** Which deliveries a request is about: those for which all holds that it says. */
final class QueueFilter {
    private final Glob from;
    private final Glob to;
    private final Glob domain;
    private final Glob login;
    private final Glob client;
    private final Glob route;
    private final Glob site;
    private final Glob subject;
    private final String state;
    private final Instant newest;
    private final Instant oldest;
    private final Instant now;

    private QueueFilter(ControlRequest request, Instant now) {
        this.now = now;
        from = new Glob(request.text("from"));
        to = new Glob(request.text("to"));
        domain = new Glob(request.text("domain"));
        login = new Glob(request.text("login"));
        client = new Glob(request.text("client"));
        route = new Glob(request.text("route"));
        site = new Glob(request.text("site"));
        subject = new Glob(request.text("subject"));
        state = request.text("state");
        newest = before(request, now.minus(seconds(request, "older")));
        oldest =
                request.members().containsKey("younger")
                        ? now.minus(seconds(request, "younger"))
                        : Instant.MIN;
    }

    /**
     * What the members of a request ask for.
     *
     * @throws IllegalArgumentException when they make no sense
     */
    static QueueFilter of(ControlRequest request, Instant now) {
        String state = request.text("state");
        if (!state.matches("|held|suspended|due|waiting")) {
            throw new IllegalArgumentException(
                    "there is no state " + state + "; there are held, suspended, due, waiting");
        }
        return new QueueFilter(request, now);
    }

    private static Duration seconds(ControlRequest request, String name) {
        return Duration.ofSeconds(Math.clamp(request.number(name, 0), 0, Integer.MAX_VALUE));
    }

    /** What came later than a request before this one is not meant by it. */
    private static Instant before(ControlRequest request, Instant newest) {
        String text = request.text("accepted_before");
        if (text.isEmpty()) {
            return newest;
        }
        try {
            Instant given = Instant.parse(text);
            return given.isBefore(newest) ? given : newest;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not an instant: " + text, e);
        }
    }

    /** Messages are read for it. */
    boolean reads() {
        return !subject.pattern().isEmpty();
    }

    /**
     * True when all holds for a delivery.
     *
     * @param subjects reads the Subject of a message
     */
    boolean matches(Entry entry, Function<Entry, String> subjects) {
        return matches(entry) && (!reads() || subject.matches(subjects.apply(entry)));
    }

    private boolean matches(Entry entry) {
        boolean isOfAge =
                !entry.acceptedAt().isAfter(newest) && !entry.acceptedAt().isBefore(oldest);
        return isOfAge
                && (state.isEmpty() || state.equals(state(entry, now)))
                && from.matches(DeliveryJson.reversePath(entry.from()))
                && domain.matches(entry.domain())
                && login.matches(entry.origin().login())
                && client.matches(entry.origin().clientAddress())
                && route.matches(entry.way().route())
                && isTo(entry.way())
                && isFor(entry);
    }

    private boolean isTo(Way way) {
        return site.pattern().isEmpty() || way.names().stream().anyMatch(site::matches);
    }

    private boolean isFor(Entry entry) {
        return to.pattern().isEmpty()
                || entry.recipients().stream().map(Mailbox::address).anyMatch(to::matches);
    }

    /** Where it stands: held, suspended, due, or waiting. */
    static String state(Entry entry, Instant now) {
        if (entry.held()) {
            return "held";
        }
        if (entry.way().suspension().isPresent()) {
            return "suspended";
        }
        return entry.nextDueAt().isAfter(now) ? "waiting" : "due";
    }
}

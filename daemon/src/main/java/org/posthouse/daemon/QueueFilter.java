package org.posthouse.daemon;

import org.posthouse.QueueView.Entry;
import org.posthouse.core.Glob;
import org.posthouse.core.Mailbox;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Which deliveries a request is about: those for which all holds that it says. */
final class QueueFilter {
    private final Glob from;
    private final Glob to;
    private final Glob domain;
    private final Glob login;
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
        if (!state.matches("|held|due|waiting")) {
            throw new IllegalArgumentException(
                    "there is no state " + state + "; there are held, due, waiting");
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

    boolean matches(Entry entry) {
        boolean isOfAge =
                !entry.acceptedAt().isAfter(newest) && !entry.acceptedAt().isBefore(oldest);
        return isOfAge
                && (state.isEmpty() || state.equals(state(entry, now)))
                && from.matches(DeliveryJson.reversePath(entry.from()))
                && domain.matches(entry.domain())
                && login.matches(entry.origin().login())
                && isFor(entry);
    }

    private boolean isFor(Entry entry) {
        return to.pattern().isEmpty()
                || entry.recipients().stream().map(Mailbox::address).anyMatch(to::matches);
    }

    /** Where it stands: held, due, or waiting. */
    static String state(Entry entry, Instant now) {
        if (entry.held()) {
            return "held";
        }
        return entry.nextDueAt().isAfter(now) ? "waiting" : "due";
    }
}

package org.posthouse.daemon;

import org.posthouse.relay.Suspension;
import org.posthouse.relay.Suspension.Scope;

import java.time.DateTimeException;
import java.time.Instant;

/** Suspensions as JSON; docs/control-socket.md has the members. */
final class SuspensionJson {
    private SuspensionJson() {}

    static void write(JsonLine json, Suspension suspension) {
        json.text("scope", suspension.scope().word())
                .text("pattern", suspension.pattern())
                .text("reason", suspension.reason())
                .text("since", suspension.since().toString());
        if (!suspension.until().equals(Instant.MAX)) {
            json.text("until", suspension.until().toString());
        }
    }

    /**
     * What a request asks for.
     *
     * @throws IllegalArgumentException when it makes no sense
     */
    static Suspension read(ControlRequest request, Instant now) {
        String until = request.text("until");
        Instant end;
        try {
            long seconds = Math.clamp(request.number("seconds", 0), 0, Integer.MAX_VALUE);
            Instant after = seconds > 0 ? now.plusSeconds(seconds) : Instant.MAX;
            end = until.isEmpty() ? after : Instant.parse(until);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not an instant: " + until, e);
        }
        if (!end.isAfter(now)) {
            throw new IllegalArgumentException("it would be over already: " + until);
        }
        return new Suspension(
                scope(request), request.text("pattern"), request.text("reason"), now, end);
    }

    /** The scope that a request names. */
    static Scope scope(ControlRequest request) {
        String word = request.text("scope");
        return Scope.of(word)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "there is no scope '"
                                                + word
                                                + "'; there are site, route, domain, from, login"));
    }
}

package org.posthouse.testkit;

import org.assertj.core.api.AbstractAssert;
import org.posthouse.core.Reply;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Assertions about a try to hand over a mail.
 *
 * @since 0.1
 */
public final class AttemptAssert extends AbstractAssert<AttemptAssert, Attempt> {
    AttemptAssert(Attempt attempt) {
        super(attempt, AttemptAssert.class);
    }

    /** The address of MAIL is this one. */
    public AttemptAssert isFrom(String address) {
        return same("from", address, attempt().from());
    }

    /** The addresses of RCPT are these, refused ones, too, in this order. */
    public AttemptAssert isTo(String... addresses) {
        return same("to", List.of(addresses), attempt().to());
    }

    /** MAIL came at this instant. */
    public AttemptAssert isAt(Instant instant) {
        return same("instant", instant, attempt().at());
    }

    /** MAIL came as late as this, or later, after that of an earlier one. */
    public AttemptAssert isAtLeast(Duration pause, Attempt earlier) {
        Duration found = Duration.between(earlier.at(), attempt().at());
        if (found.compareTo(pause) < 0) {
            failWithMessage("expected an attempt at least %s later, but it is %s", pause, found);
        }
        return this;
    }

    /** A mail came of it, whoever of its recipients was refused. */
    public AttemptAssert wasReceived() {
        if (attempt().mail().isEmpty()) {
            failWithMessage("expected a mail, but: %s", attempt());
        }
        return this;
    }

    /** No mail came of it, and something was refused. */
    public AttemptAssert wasRefused() {
        if (attempt().mail().isPresent() || attempt().refusals().isEmpty()) {
            failWithMessage("expected a refusal, but: %s", attempt());
        }
        return this;
    }

    /** A reply of this code and enhanced status was given in it: {@code 452, "4.2.2"}. */
    public AttemptAssert hasRefusal(int code, String status) {
        Reply wanted = Reply.of(code, status, "");
        boolean isThere =
                attempt().refusals().stream()
                        .anyMatch(
                                reply ->
                                        reply.code() == wanted.code()
                                                && reply.status().equals(wanted.status()));
        if (!isThere) {
            failWithMessage(
                    "expected refusal %s %s, but there are %s", code, status, attempt().refusals());
        }
        return this;
    }

    private Attempt attempt() {
        isNotNull();
        return Objects.requireNonNull(actual);
    }

    private AttemptAssert same(String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            failWithMessage("expected %s of the attempt: %s, but it is: %s", what, expected, found);
        }
        return this;
    }
}

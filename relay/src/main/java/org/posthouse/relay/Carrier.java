package org.posthouse.relay;

import org.posthouse.core.Reply;

import java.time.Duration;

/** Carries groups to one site. One worker uses it; {@link #cut} may come from any thread. */
interface Carrier {
    /**
     * Attempts a group: every recipient without an outcome gets one, or the result says why not.
     */
    Result attempt(Attempt.Group group);

    /** How long to stay for more work; zero when there is nothing worth keeping. */
    Duration idleTimeout();

    /** Ends politely. */
    void quit();

    /** Ends what runs, at once. */
    void cut();

    /** How an attempt of a group ended. */
    sealed interface Result {
        /** Every recipient has its outcome. */
        Result DONE = new Done();

        /** It was cut. */
        Result CUT = new Cut();

        /** Every recipient has its outcome. */
        record Done() implements Result {}

        /** No host could be reached; recipients without an outcome were not attempted. */
        record Unreachable(Reply reply) implements Result {}

        /** It was cut. */
        record Cut() implements Result {}
    }
}

package org.posthouse.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Answers requests line by line while it finds out, or while something happens. */
@FunctionalInterface
interface Following {
    /** Answers none. */
    Following NONE = (request, lines) -> Optional.empty();

    /**
     * Sends lines of the answer.
     *
     * @return the rest of the answer; empty when the request is for somebody else
     * @throws IOException when the client is gone
     */
    Optional<ControlAnswer> answer(ControlRequest request, Lines lines) throws IOException;

    /** Where the lines go. */
    @FunctionalInterface
    interface Lines {
        /** Sends one, within a time. */
        void send(String line, Duration within) throws IOException;
    }
}

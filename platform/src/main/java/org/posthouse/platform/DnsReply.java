package org.posthouse.platform;

import java.time.Duration;

/**
 * An answer, of its question's type.
 *
 * @param keep how long it may be handed out again; zero: not at all
 */
record DnsReply(DnsAnswer<?> answer, Duration keep) {
    private static final Duration KEEP_FAILURE = Duration.ofSeconds(5);

    /** No answer for now; kept a moment, so that a dead server is not asked for every message. */
    static DnsReply failure(String reason) {
        return new DnsReply(new DnsAnswer.TemporaryFailure<>(reason), KEEP_FAILURE);
    }
}

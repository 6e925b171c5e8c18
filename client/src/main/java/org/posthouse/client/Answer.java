package org.posthouse.client;

import org.posthouse.core.Reply;

import java.util.Objects;

/**
 * What a transaction brought for one recipient.
 *
 * @param kind who speaks
 * @param stage where the recipient stood
 * @param reply the host's words, or ours where it said nothing
 * @since 0.1
 */
public record Answer(Kind kind, Stage stage, Reply reply) {
    /** Checks that nothing is missing. */
    public Answer {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(stage);
        Objects.requireNonNull(reply);
    }

    /** True when the host took responsibility for this recipient. */
    public boolean isDelivered() {
        return kind == Kind.SAID && stage == Stage.CONTENT && reply.isPositive();
    }

    /** Who speaks. */
    public enum Kind {
        /** The host said so. */
        SAID,
        /** The connection was lost, or the host said nothing in time, before it had everything. */
        LOST,
        /** It was lost after the last octet was handed over: perhaps delivered. */
        AMBIGUOUS,
        /** This host can't take this message: it lacks an extension, or the message is too big. */
        UNSUPPORTED
    }
}

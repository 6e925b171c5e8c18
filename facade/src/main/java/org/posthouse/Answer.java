package org.posthouse;

import org.posthouse.core.Reply;

import java.util.Objects;

/**
 * What a hook says to a stage of a session.
 *
 * @since 0.1
 */
public sealed interface Answer {
    /** Go on. */
    static Answer proceed() {
        return Proceed.INSTANCE;
    }

    /** Go on; reads better at recipients. */
    static Answer accept() {
        return Proceed.INSTANCE;
    }

    /**
     * This reply: one of 4yz or 5yz refuses the command, a positive one is said instead of ours.
     * Which positive codes a stage has is said in {@link Hooks}; another one costs the command a
     * {@code 451 4.3.0}.
     *
     * @throws IllegalArgumentException for 3yz, after which a client would send more
     */
    static Answer reply(Reply reply) {
        if (reply.isIntermediate()) {
            throw new IllegalArgumentException("nothing can follow " + reply.code());
        }
        return reply.isPositive() ? new Say(reply) : new Refuse(reply);
    }

    /** The same. */
    static Answer reply(int code, String status, String text) {
        return reply(Reply.of(code, status, text));
    }

    /**
     * The command is refused, the session goes on. With a code of 4yz the client will try again.
     *
     * @param code 400 to 599
     * @param status the enhanced status, for example {@code 5.7.1}; its first digit agrees with the
     *     code
     */
    static Answer refuse(int code, String status, String text) {
        return new Refuse(negative(code, status, text));
    }

    /** As {@link #refuse}, then the connection is closed. */
    static Answer disconnect(int code, String status, String text) {
        return new Disconnect(negative(code, status, text));
    }

    private static Reply negative(int code, String status, String text) {
        if (code < 400) {
            throw new IllegalArgumentException("a refusal is 4yz or 5yz, not " + code);
        }
        return Reply.of(code, status, text);
    }

    /** Go on. */
    record Proceed() implements Answer {
        private static final Answer INSTANCE = new Proceed();
    }

    /** Go on, with this reply. */
    record Say(Reply reply) implements Answer {
        /** Checks that nothing is missing. */
        public Say {
            Objects.requireNonNull(reply);
        }
    }

    /** Refused with this reply. */
    record Refuse(Reply reply) implements Answer {
        /** Checks that nothing is missing. */
        public Refuse {
            Objects.requireNonNull(reply);
        }
    }

    /** Refused with this reply, and the connection closed. */
    record Disconnect(Reply reply) implements Answer {
        /** Checks that nothing is missing. */
        public Disconnect {
            Objects.requireNonNull(reply);
        }
    }
}

package org.posthouse.client;

import org.posthouse.core.Dialogue;
import org.posthouse.core.Reply;
import org.posthouse.core.TlsFault;

import java.util.Objects;

/**
 * How opening a conversation ended.
 *
 * @since 0.1
 */
public sealed interface Opening {
    /** Ready for a transaction. */
    record Opened(ClientSession session) implements Opening {
        /** Checks that nothing is missing. */
        public Opened {
            Objects.requireNonNull(session);
        }
    }

    /**
     * No conversation came about; the connection is closed.
     *
     * @param stage how far it came
     * @param said true: the reply is the host's; false: it is ours, for what happened
     * @param reply says why
     * @param fault the same in one word, where TLS was the trouble
     * @param dialogue what was said, for those who look for the reason
     */
    record NotOpened(Stage stage, boolean said, Reply reply, TlsFault fault, Dialogue dialogue)
            implements Opening {
        /** Checks that nothing is missing. */
        public NotOpened {
            Objects.requireNonNull(stage);
            Objects.requireNonNull(fault);
            Objects.requireNonNull(reply);
            Objects.requireNonNull(dialogue);
        }

        /** Without what was said. */
        public NotOpened(Stage stage, boolean said, Reply reply, TlsFault fault) {
            this(stage, said, reply, fault, Dialogue.NONE);
        }

        /** Without a word for it, either. */
        public NotOpened(Stage stage, boolean said, Reply reply) {
            this(stage, said, reply, TlsFault.VALIDATION_FAILURE);
        }

        NotOpened with(Dialogue said) {
            return new NotOpened(stage, this.said, reply, fault, said);
        }
    }
}

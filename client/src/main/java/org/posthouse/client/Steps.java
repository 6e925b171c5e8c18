package org.posthouse.client;

import org.posthouse.core.MailEvent;
import org.posthouse.platform.TlsFacts;

/**
 * Is told how far a conversation has come. Never throws; {@link #reached} returns at once.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Steps {
    /** Nobody listens. */
    Steps NONE = step -> {};

    /** A step begins. */
    void reached(MailEvent.Step step);

    /**
     * TLS is on, and nothing was said over it yet. May block.
     *
     * @return why the conversation is to end here, as one whose handshake failed; empty: it goes on
     */
    default String objection(TlsFacts facts) {
        return "";
    }
}

package org.posthouse.client;

import org.posthouse.core.MailEvent;

/**
 * Is told how far a conversation has come. Returns at once and never throws.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Steps {
    /** Nobody listens. */
    Steps NONE = step -> {};

    /** A step begins. */
    void reached(MailEvent.Step step);
}

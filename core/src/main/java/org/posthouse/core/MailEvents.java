package org.posthouse.core;

/**
 * Takes events. Implementations return at once, never block and never throw.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface MailEvents {
    /** Drops every event. */
    MailEvents NONE = event -> {};

    /** Takes one event. */
    void emit(MailEvent event);
}

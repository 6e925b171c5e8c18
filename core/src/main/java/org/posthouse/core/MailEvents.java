package org.posthouse.core;

/**
 * Takes events. Implementations return at once, never block and never throw.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface MailEvents {
    /** Drops every event. */
    MailEvents NONE =
            new MailEvents() {
                @Override
                public void emit(MailEvent event) {}

                @Override
                public boolean wantsSteps() {
                    return false;
                }
            };

    /** Takes one event. */
    void emit(MailEvent event);

    /** False: {@link MailEvent.AttemptStep}, of which there are many, need not be told. */
    default boolean wantsSteps() {
        return true;
    }
}

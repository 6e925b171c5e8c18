package org.posthouse.store;

import org.posthouse.core.Outcome;

/**
 * Throws local mail away.
 *
 * @since 0.1
 */
public final class Discard implements MessageStore {
    private Discard() {}

    /** A store that keeps nothing. */
    public static Discard all() {
        return new Discard();
    }

    @Override
    public Outcome store(LocalMail mail) {
        return Outcomes.STORED;
    }
}

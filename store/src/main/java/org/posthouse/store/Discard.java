package org.posthouse.store;

import org.posthouse.core.Outcome;

/**
 * Throws local mail away.
 *
 * @since 0.1
 */
public final class Discard implements MessageStore {
    /** The store that keeps nothing; it has no state. */
    public static final Discard INSTANCE = new Discard();

    private Discard() {}

    @Override
    public Outcome store(LocalMail mail) {
        return Outcomes.STORED;
    }
}

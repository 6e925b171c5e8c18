package org.posthouse;

import java.util.List;

/**
 * How an engine is, for those that watch over it. It says nothing of next hops: mail that waits for
 * them is safe here.
 *
 * @param live false once it was closed
 * @param hindrances why it should get no mail now, in words: it stops, or the queue could not store
 *     within the last minute; empty: it is ready
 * @since 0.1
 */
public record Health(boolean live, List<String> hindrances) {
    /** Copies the list. */
    public Health {
        hindrances = List.copyOf(hindrances);
    }

    /** Listeners are bound, the queue can store, and it is not being stopped. */
    public boolean ready() {
        return live && hindrances.isEmpty();
    }
}

package org.posthouse.relay;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;

/**
 * Lets the taker in when there is room for a good number of deliveries, so that many are taken from
 * the spool at once. Guarded by the dispatcher's lock, but for the waiting.
 */
final class Room {
    /** Taken from the spool at once. */
    private static final int TAKE_MAX = 256;

    private final OutSet out;
    private final Signal signal;
    private final int takeMin;
    private boolean starved;

    Room(OutSet out, Signal signal) {
        this.out = out;
        this.signal = signal;
        takeMin = Math.clamp(out.max() / 4, 1, TAKE_MAX);
    }

    /** How many may be taken; 0 when it is to be waited for. */
    int most() {
        starved = out.room() < takeMin;
        return starved ? 0 : Math.min(out.room(), TAKE_MAX);
    }

    /** Some may have left. */
    void feed() {
        if (starved && out.room() >= takeMin) {
            starved = false;
            signal.raise();
        }
    }

    /** Nothing is taken any more. */
    void end() {
        signal.raise();
    }

    /** Waits until it is worth asking again; without the lock. */
    void await() throws InterruptedException {
        boolean unused = signal.await(Deadline.NEVER);
    }
}

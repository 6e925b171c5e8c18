package org.posthouse.testkit.virtual;

import org.posthouse.platform.Deadline;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where threads wait until another one opens it. Whoever calls it holds the clock's lock. */
final class Gate {
    /** Those who wait, the first one first. */
    final Set<Pause> waiting = new LinkedHashSet<>();

    private final VirtualClock clock;

    Gate(VirtualClock clock) {
        this.clock = clock;
    }

    /** Waits; false at the deadline. */
    boolean await(Deadline deadline) throws InterruptedException {
        return clock.pause(this, deadline);
    }

    /** Lets all go that wait now. */
    void open() {
        List.copyOf(waiting).forEach(pause -> clock.wake(pause, Pause.End.OPENED));
    }
}

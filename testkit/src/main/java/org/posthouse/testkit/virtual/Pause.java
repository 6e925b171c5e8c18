package org.posthouse.testkit.virtual;

import org.posthouse.platform.Deadline;

import java.util.Optional;
import java.util.concurrent.locks.Condition;

/** One wait of one thread. Guarded by the clock's lock. */
final class Pause implements Comparable<Pause> {
    final Gate gate;
    final Condition woken;

    /** Whose it is; empty for a thread that is not inside. */
    final Optional<VirtualTask> task;

    private final Deadline deadline;
    private final long number;
    private Optional<End> end = Optional.empty();

    /** How a wait ended. */
    enum End {
        OPENED,
        LATE,
        INTERRUPTED
    }

    Pause(VirtualClock clock, Gate gate, Deadline deadline, long number) {
        this.gate = gate;
        this.woken = clock.lock.newCondition();
        this.task = VirtualTask.current(clock);
        this.deadline = deadline;
        this.number = number;
    }

    boolean isTimed() {
        return !deadline.isNever();
    }

    long at() {
        return deadline.nanos();
    }

    boolean isOver() {
        return end.isPresent();
    }

    End end() {
        return end.orElseThrow();
    }

    void over(End how) {
        end = Optional.of(how);
        woken.signal();
    }

    /** The earlier instant is first, and at one instant who waited first. */
    @Override
    public int compareTo(Pause other) {
        int byInstant = Long.compare(at(), other.at());
        return byInstant == 0 ? Long.compare(number, other.number) : byInstant;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}

package org.posthouse.simulation;

import org.posthouse.sim.SimLoss;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * From a start of the engine to its end.
 *
 * @param length after which it is stopped, unless it has died before
 * @param crashAt it dies at this change of the disk, counted from when it has started; a negative
 *     number counts from before the start; 0: it does not die
 * @param loss what the crash takes with it
 */
record Life(Duration length, long crashAt, SimLoss loss, List<Act> acts) {
    Life {
        acts = List.copyOf(acts);
    }

    /** The same without one of its acts. */
    Life without(int index) {
        var left = new ArrayList<>(acts);
        left.remove(index);
        return new Life(length, crashAt, loss, left);
    }

    /** The same with another act in place of one. */
    Life with(int index, Act act) {
        var changed = new ArrayList<>(acts);
        changed.set(index, act);
        return new Life(length, crashAt, loss, changed);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("life " + length + " " + crashAt + " " + loss + "\n");
        acts.forEach(act -> text.append("  ").append(act).append('\n'));
        return text.toString();
    }
}

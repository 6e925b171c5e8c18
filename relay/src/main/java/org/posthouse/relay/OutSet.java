package org.posthouse.relay;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The deliveries that the spool gave out and that are neither given back nor done: a bounded
 * number. Guarded by the dispatcher's lock.
 */
final class OutSet {
    private final int activeMax;
    private final Set<Delivery> out = new LinkedHashSet<>();

    OutSet(int activeMax) {
        this.activeMax = Math.max(1, activeMax);
    }

    int max() {
        return activeMax;
    }

    /** One was taken; it is ACTIVE. */
    void add(Delivery delivery) {
        out.add(delivery);
    }

    /**
     * It is here no more.
     *
     * @param as BACK or GONE
     * @return false when it was not here: nothing changes then
     */
    boolean leave(Delivery delivery, Delivery.State as) {
        boolean was = out.remove(delivery);
        if (was) {
            delivery.enter(as);
        }
        return was;
    }

    /** How many more may be taken. */
    int room() {
        return Math.max(0, activeMax - out.size());
    }

    /** As many as may be, but for a reserve of a quarter. */
    boolean isNearlyFull() {
        return out.size() >= activeMax - activeMax / 4;
    }

    int count() {
        return out.size();
    }

    List<Delivery> all() {
        return new ArrayList<>(out);
    }
}

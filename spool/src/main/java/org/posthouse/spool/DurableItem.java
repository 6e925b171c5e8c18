package org.posthouse.spool;

import java.util.List;

/** Frames that become durable together, or not at all; a thread waits for it. */
abstract sealed class DurableItem extends Item permits CommitItem, MoveItem {
    final List<Part> parts;
    private final int octets;
    private final Waiter<Outcome> waiter = new Waiter<>();

    DurableItem(List<Part> parts) {
        this.parts = parts;
        int sum = 0;
        for (Part part : parts) {
            sum += part.octets();
        }
        octets = sum;
    }

    @Override
    int octets() {
        return octets;
    }

    /** Tells the waiter. */
    void complete(Outcome how) {
        waiter.complete(how);
    }

    /** Waits for the end. */
    Outcome await() {
        return waiter.await();
    }
}

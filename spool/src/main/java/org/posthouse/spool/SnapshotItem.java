package org.posthouse.spool;

import java.util.Optional;

/** Asks the committer where the log stands, once all that came before is forced. */
final class SnapshotItem extends Item {
    private final Waiter<Optional<Snapshot>> waiter = new Waiter<>();
    private final boolean holding;

    /**
     * A question.
     *
     * @param holding from then on, no number of a segment or domain is used again
     */
    SnapshotItem(boolean holding) {
        this.holding = holding;
    }

    boolean isHolding() {
        return holding;
    }

    @Override
    int octets() {
        return 0;
    }

    /** Empty while the log can't be written. */
    void complete(Optional<Snapshot> snapshot) {
        waiter.complete(snapshot);
    }

    Optional<Snapshot> await() {
        return waiter.await();
    }
}

package org.posthouse.spool;

/**
 * Tells the committer that the compactor came to the end of a segment: what could be copied is
 * forced elsewhere, all last settle records among it.
 */
final class PassedItem extends Item {
    private final Segment segment;

    /** That in which it was passed. */
    private final long generation;

    /** While the segment is pinned: it can't be free and used anew. */
    PassedItem(Segment segment) {
        this.segment = segment;
        generation = segment.header.generation();
    }

    /** Tells the ledger, unless the segment is used anew by now. */
    void tell(Ledger ledger) {
        SegmentHeader now = segment.header;
        if (now.inUse() && now.generation() == generation) {
            ledger.passed(segment);
        }
    }

    @Override
    int octets() {
        return 0;
    }
}

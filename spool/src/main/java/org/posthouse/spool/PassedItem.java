package org.posthouse.spool;

/**
 * Tells the committer that the compactor came to the end of a segment: what could be copied is
 * forced elsewhere, all last settle records among it.
 */
final class PassedItem extends Item {
    final Segment segment;

    PassedItem(Segment segment) {
        this.segment = segment;
    }

    @Override
    int octets() {
        return 0;
    }
}

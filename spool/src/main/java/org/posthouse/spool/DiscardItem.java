package org.posthouse.spool;

/** A content that was given up: its chunks are dead. */
final class DiscardItem extends Item {
    final LogSink sink;

    DiscardItem(LogSink sink) {
        this.sink = sink;
    }

    @Override
    int octets() {
        return 0;
    }
}

package org.posthouse.spool;

/** A chunk of a content that is still arriving; nobody waits for it. */
final class ChunkItem extends Item {
    final LogSink sink;
    final Part part;

    ChunkItem(LogSink sink, Part part) {
        this.sink = sink;
        this.part = part;
    }

    @Override
    int octets() {
        return part.octets();
    }
}

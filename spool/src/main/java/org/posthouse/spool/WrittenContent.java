package org.posthouse.spool;

import org.posthouse.core.Content;

import java.util.List;
import java.util.Objects;

/**
 * A content that was written and is not accepted yet, read chunk by chunk: from memory, or from the
 * bulk segments, where each chunk is verified. One thread uses it.
 */
final class WrittenContent implements Content {
    /** Where chunks come from. */
    @FunctionalInterface
    private interface Source {
        /** The octets of a chunk, behind as many others as the content skips. */
        byte[] chunk(int number);
    }

    private final Source source;
    private final int chunkOctets;
    private final int skipped;
    private final long octets;
    private byte[] chunk = {};
    private int chunkNumber = -1;

    private WrittenContent(Source source, int skipped, int chunkOctets, long octets) {
        this.source = source;
        this.skipped = skipped;
        this.chunkOctets = chunkOctets;
        this.octets = octets;
    }

    /** A content in memory: chunks of which only the last may be shorter than the others. */
    static WrittenContent inMemory(List<byte[]> chunks, int chunkOctets, long octets) {
        return new WrittenContent(chunks::get, 0, chunkOctets, octets);
    }

    /** A content in bulk segments, all of which was written to the files. */
    static WrittenContent inBulk(BulkWriter bulk, int chunkOctets, long octets) {
        var reader = new LogReader();
        ChunkList chunks = bulk.chunks;
        long id = bulk.contentId;
        Source source = number -> reader.chunk(chunks, id, number);
        return new WrittenContent(source, Frame.HEADER_OCTETS, chunkOctets, octets);
    }

    @Override
    public long octets() {
        return octets;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (position >= octets) {
            return -1;
        }
        int number = (int) (position / chunkOctets);
        int within = (int) (position % chunkOctets);
        if (number != chunkNumber) {
            chunk = source.chunk(number);
            chunkNumber = number;
        }
        long left = Math.min(chunkOctets - within, octets - position);
        int count = (int) Math.min(length, left);
        System.arraycopy(chunk, skipped + within, into, offset, count);
        return count;
    }

    @Override
    public void close() {
        // the sink owns it
    }
}

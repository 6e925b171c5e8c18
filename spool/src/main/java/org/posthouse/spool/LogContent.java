package org.posthouse.spool;

import org.posthouse.core.Content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * A content read back from the log, one chunk at a time, each verified. Keeps its segments from
 * being used again until closed. One thread uses it.
 */
final class LogContent implements Content {
    private final SpoolLog log;
    private final Extent extent;
    private final byte[] prefix;
    private final AcceptRecord.Body body;
    private final long octets;
    private final long contentId;
    private final ChunkList chunks;
    private final LogReader reader = new LogReader();
    private byte[] chunk = {};
    private int chunkNumber = -1;
    private boolean closed;

    LogContent(SpoolLog log, Extent extent, AcceptRecord record) {
        this.log = log;
        this.extent = extent;
        prefix = record.prefix().octets();
        body = record.body();
        octets = record.messageOctets();
        contentId = record.contentId() == 0 ? extent.id() : record.contentId();
        chunks = withLength(extent.chunks(), body.octets());
    }

    /** Of a single chunk, the extent does not know the length. */
    private static ChunkList withLength(ChunkList chunks, long octets) {
        if (chunks.count() == 0 && octets > 0) {
            throw new UncheckedIOException(new IOException("the content is lost"));
        }
        if (chunks.count() != 1 || chunks.length(0) > 0) {
            return chunks;
        }
        var known = new ChunkList();
        known.add(chunks.segment(0), chunks.position(0), Math.toIntExact(octets));
        return known;
    }

    @Override
    public long octets() {
        return octets;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (closed) {
            throw new IllegalStateException("the content was closed");
        }
        if (position >= octets) {
            return -1;
        }
        if (position < prefix.length) {
            int count = Math.min(length, prefix.length - (int) position);
            System.arraycopy(prefix, (int) position, into, offset, count);
            return count;
        }
        return readBody(position - prefix.length, into, offset, length);
    }

    private int readBody(long position, byte[] into, int offset, int length) {
        List<AcceptRecord.Range> ranges = body.ranges();
        long before = 0;
        int range = 0;
        while (position - before >= ranges.get(range).octets()) {
            before += ranges.get(range++).octets();
        }
        long at = ranges.get(range).start() + position - before;
        long left = ranges.get(range).octets() - (position - before);
        int number = (int) (at / body.chunkOctets());
        int within = (int) (at % body.chunkOctets());
        load(number);
        int inChunk = chunks.length(number) - within;
        int count = (int) Math.min(Math.min(length, left), inChunk);
        System.arraycopy(chunk, Frame.HEADER_OCTETS + within, into, offset, count);
        return count;
    }

    private void load(int number) {
        if (number != chunkNumber) {
            chunkNumber = -1;
            chunk = reader.chunk(chunks, contentId, number);
            chunkNumber = number;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            log.unpin(extent);
        }
    }
}

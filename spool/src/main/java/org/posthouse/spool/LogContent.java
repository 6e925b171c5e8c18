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
        chunks = chunks(extent, body);
        if (chunks.count() != body.chunkCount()) {
            throw new UncheckedIOException(new IOException("part of the content is lost"));
        }
    }

    /** In the log, all chunks follow the first; only that is known before the record was read. */
    static ChunkList chunks(Extent extent, AcceptRecord.Body body) {
        ChunkList known = extent.chunks();
        if (!body.bulk().isEmpty() || body.chunkCount() == 0) {
            return known;
        }
        var all = new ChunkList();
        for (int i = 0; i < body.chunkCount() && known.count() > 0; i++) {
            int length = body.chunkOctets(i);
            all.add(known.segment(0), i == 0 ? known.position(0) : all.end(all.runs() - 1), length);
        }
        return all;
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

package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects a content. A small one stays in memory until the acceptance, which writes it to the log
 * together with the commit; as soon as it gets larger than {@link SpoolSettings#bulkFromOctets},
 * all of it goes to bulk segments. One thread uses it.
 */
final class LogSink implements ContentSink {
    private static final int SMALL = 4096;

    /** What is longer than this is mostly longer than twice as much, too. */
    private static final int MEDIUM = 2 * SMALL;

    private static final byte[] NOTHING = {};

    final SpoolLog log;
    private final int chunkOctets;
    private final int chunksMax;

    /** Chunks before the one in the buffer. */
    private List<byte[]> full = List.of();

    private byte[] buffer;
    private int count;
    private long octets;

    /** Has taken over all of the content. */
    private @Nullable BulkWriter bulk;

    /** Why the content can't be stored; the first reason stays. */
    private @Nullable Outcome failure;

    private boolean finished;
    private boolean used;

    LogSink(SpoolLog log, SpoolSettings settings) {
        this.log = log;
        chunkOctets = settings.chunkOctets();
        chunksMax = settings.bulkFromOctets() / chunkOctets;
        buffer = new byte[Math.min(SMALL, chunkOctets)];
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        requireUnused();
        if (finished) {
            throw new IllegalStateException("the content is complete");
        }
        octets += length;
        int at = offset;
        int left = length;
        while (left > 0 && failure == null && bulk == null) {
            if (count == chunkOctets) {
                nextChunk();
                continue;
            }
            int taken = Math.min(left, chunkOctets - count);
            ensure(taken);
            System.arraycopy(from, at, buffer, count, taken);
            count += taken;
            at += taken;
            left -= taken;
        }
        if (bulk != null && left > 0) {
            fail(bulk.write(from, at, left));
        }
    }

    private void ensure(int more) {
        if (buffer.length - count < more) {
            int factor = buffer.length == MEDIUM ? 4 : 2;
            int wanted = Math.max(buffer.length * factor, count + more);
            buffer = Arrays.copyOf(buffer, Math.min(wanted, chunkOctets));
        }
    }

    private void nextChunk() {
        if (full.isEmpty()) {
            full = new ArrayList<>(chunksMax);
        }
        full.add(buffer);
        count = 0;
        if (full.size() < chunksMax) {
            buffer = new byte[Math.min(SMALL, chunkOctets)]; // the end may be all that comes
            return;
        }
        buffer = NOTHING;
        BulkWriter writer = log.openBulk();
        bulk = writer;
        full.forEach(chunk -> fail(writer.write(chunk, 0, chunk.length)));
        full = List.of();
    }

    /** Remembers why this content can't be stored, if so; lets go of what it has. */
    private void fail(@Nullable Outcome reason) {
        if (reason != null && failure == null) {
            failure = reason;
            release();
        }
    }

    @Nullable Outcome failure() {
        return failure;
    }

    /**
     * Ends the content: what does not go with the commit is forced now.
     *
     * @return why it can't be stored, if so
     */
    @Nullable Outcome finish() {
        finished = true;
        if (bulk != null && failure == null) {
            fail(bulk.finish());
        }
        return failure;
    }

    void requireUnused() {
        if (used) {
            throw new IllegalStateException("the content was accepted or discarded");
        }
    }

    void used(boolean value) {
        used = value;
    }

    /** The chunks that go with the nth message of a commit. */
    List<Part> chunks(int message) {
        if (full.isEmpty()) {
            return count == 0 ? List.of() : List.of(Part.chunk(buffer, count, message, 0));
        }
        List<Part> parts = new ArrayList<>(full.size() + 1);
        for (byte[] chunk : full) {
            parts.add(Part.chunk(chunk, chunk.length, message, parts.size()));
        }
        parts.add(Part.chunk(buffer, count, message, parts.size()));
        return parts;
    }

    /** Where the chunks lie that went to bulk segments. */
    ChunkList inBulk() {
        return bulk == null ? new ChunkList() : bulk.chunks;
    }

    /** The id of a content in bulk segments; 0 for another. */
    long contentId() {
        return bulk == null ? 0 : bulk.contentId;
    }

    AcceptRecord.Body body() {
        if (bulk != null) {
            ChunkList chunks = bulk.chunks;
            return AcceptRecord.Body.whole(chunks.count(), chunkOctets, octets, BulkRun.of(chunks));
        }
        int chunks = full.size() + (count > 0 ? 1 : 0);
        return AcceptRecord.Body.whole(chunks, chunkOctets, octets, List.of());
    }

    /** The content, where it is a single chunk in memory. */
    @Nullable BytesContent inMemory(byte[] prefix) {
        boolean single = bulk == null && full.isEmpty();
        return single ? new BytesContent(prefix.clone(), buffer, count) : null;
    }

    /** Octets of memory that it holds. */
    int heldOctets() {
        return buffer.length + full.size() * chunkOctets + (bulk == null ? 0 : bulk.heldOctets());
    }

    @Override
    public long octets() {
        return octets;
    }

    @Override
    public Content written() {
        requireUnused();
        finished = true;
        if (bulk != null && failure == null) {
            fail(bulk.writeOut());
        }
        if (failure != null) {
            String why = "the content can't be stored: " + failure;
            throw new UncheckedIOException(new IOException(why));
        }
        if (bulk != null) {
            return WrittenContent.inBulk(bulk, chunkOctets, octets);
        }
        List<byte[]> chunks = new ArrayList<>(full);
        chunks.add(buffer);
        return WrittenContent.inMemory(chunks, chunkOctets, octets);
    }

    @Override
    public void discard() {
        if (used) {
            return;
        }
        used = true;
        buffer = NOTHING;
        count = 0;
        full = List.of();
        release();
    }

    /** Nothing in bulk segments is kept for the sake of this sink any longer. */
    void release() {
        if (bulk != null) {
            bulk.release();
            bulk = null;
        }
    }
}

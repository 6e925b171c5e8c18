package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.ContentSink;

import java.util.Arrays;
import java.util.List;

/**
 * Collects a content. Up to one chunk stays in memory until the acceptance; more goes to the log
 * chunk by chunk. One thread uses it; the committer has its own part of it.
 */
final class LogSink implements ContentSink {
    private static final int SMALL = 4096;
    private static final byte[] NOTHING = {};

    final SpoolLog log;

    /** Where the chunks went; the committer's. */
    final ChunkList chunks = new ChunkList();

    /** Counts among those with chunks that were not forced yet; the committer's. */
    boolean unforced;

    /** Why the content can't be stored; the first reason stays. */
    private volatile CommitItem.@Nullable Outcome failure;

    private final int chunkOctets;
    private byte[] buffer;
    private int count;
    private long octets;
    private long contentId;
    private int chunksSent;
    private boolean used;

    LogSink(SpoolLog log, int chunkOctets) {
        this.log = log;
        this.chunkOctets = chunkOctets;
        buffer = new byte[Math.min(SMALL, chunkOctets)];
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        requireUnused();
        octets += length;
        int at = offset;
        int left = length;
        while (left > 0 && failure == null) {
            if (count == chunkOctets) {
                send();
            }
            int taken = Math.min(left, chunkOctets - count);
            ensure(taken);
            System.arraycopy(from, at, buffer, count, taken);
            count += taken;
            at += taken;
            left -= taken;
        }
    }

    private void ensure(int more) {
        if (buffer.length - count < more) {
            int wanted = Math.max(buffer.length * 2, count + more);
            buffer = Arrays.copyOf(buffer, Math.min(wanted, chunkOctets));
        }
    }

    private void send() {
        if (contentId == 0) {
            contentId = log.newContentId();
        }
        Part part = Part.chunk(buffer, count, contentId, chunksSent);
        CommitItem.Outcome refusal = log.handOver(new ChunkItem(this, part));
        if (refusal != CommitItem.Outcome.DONE) {
            fail(refusal);
        }
        chunksSent++;
        buffer = new byte[chunkOctets];
        count = 0;
    }

    /** Remembers why this content can't be stored. */
    void fail(CommitItem.Outcome reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    CommitItem.@Nullable Outcome failure() {
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

    boolean isStreamed() {
        return chunksSent > 0;
    }

    /** What was not sent yet, as a chunk; none when there is nothing. */
    @Nullable Part tail(int message) {
        if (count == 0) {
            return null;
        }
        return contentId == 0
                ? Part.ownChunk(buffer, count, message)
                : Part.chunk(buffer, count, contentId, chunksSent);
    }

    /** The id of the streamed content; 0 when all of it is still in memory. */
    long contentId() {
        return contentId;
    }

    AcceptRecord.Body body() {
        return AcceptRecord.Body.whole(
                chunksSent + (count > 0 ? 1 : 0), chunkOctets, octets, List.of());
    }

    /** The content, where nothing was sent yet. */
    BytesContent inMemory(byte[] prefix) {
        return new BytesContent(prefix.clone(), buffer, count);
    }

    @Override
    public long octets() {
        return octets;
    }

    @Override
    public void discard() {
        if (used) {
            return;
        }
        used = true;
        buffer = NOTHING;
        count = 0;
        giveUpChunks();
    }

    /** Lets the committer count the chunks as dead. */
    void giveUpChunks() {
        if (chunksSent > 0) {
            log.giveUp(this);
        }
    }
}

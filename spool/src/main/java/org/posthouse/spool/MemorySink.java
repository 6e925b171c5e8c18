package org.posthouse.spool;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Collects a content in memory. One thread uses it. */
final class MemorySink implements ContentSink {
    private static final int SMALL = 4096;
    private static final byte[] NOTHING = {};

    private final long octetsMax;
    private byte[] body = new byte[SMALL];
    private int count;
    private boolean overflown;
    private boolean isComplete;
    private boolean used;

    MemorySink(long octetsMax) {
        this.octetsMax = octetsMax;
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
        requireUnused();
        if (isComplete) {
            throw new IllegalStateException("the content is complete");
        }
        if (overflown || count + (long) length > octetsMax) {
            overflown = true;
            return;
        }
        if (body.length - count < length) {
            long wanted = Math.max(body.length * 2L, count + (long) length);
            body = Arrays.copyOf(body, (int) Math.min(wanted, octetsMax));
        }
        System.arraycopy(octets, offset, body, count, length);
        count += length;
    }

    void requireUnused() {
        if (used) {
            throw new IllegalStateException("the content was accepted or discarded");
        }
    }

    boolean isOverflown() {
        return overflown;
    }

    /** The content, prefix before it; the sink is used up. */
    BytesContent seal(byte[] prefix) {
        requireUnused();
        used = true;
        byte[] kept = count < body.length / 2 ? Arrays.copyOf(body, count) : body;
        return new BytesContent(prefix.clone(), kept, count);
    }

    @Override
    public long octets() {
        return count;
    }

    @Override
    public Content written() {
        requireUnused();
        if (overflown) {
            String why = "the content is longer than " + octetsMax + " octets";
            throw new UncheckedIOException(new IOException(why));
        }
        isComplete = true;
        return new BytesContent(NOTHING, body, count);
    }

    @Override
    public void discard() {
        if (!used) {
            used = true;
            body = NOTHING;
            count = 0;
        }
    }
}

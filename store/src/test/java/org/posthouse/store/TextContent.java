package org.posthouse.store;

import org.posthouse.core.Content;

import java.nio.charset.StandardCharsets;

/** A content in memory that is read in small bites. */
class TextContent implements Content {
    private final byte[] octets;
    private final int bite;

    TextContent(byte[] octets, int bite) {
        this.octets = octets;
        this.bite = bite;
    }

    static TextContent of(String text) {
        return new TextContent(text.getBytes(StandardCharsets.ISO_8859_1), 7);
    }

    @Override
    public long octets() {
        return octets.length;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
        if (position >= octets.length) {
            return -1;
        }
        int count = (int) Math.min(Math.min(bite, length), octets.length - position);
        System.arraycopy(octets, (int) position, into, offset, count);
        return count;
    }

    @Override
    public void close() {}
}

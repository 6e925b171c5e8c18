package org.posthouse.core;

import java.io.InputStream;

/** A content read from its start to its end. */
final class ContentStream extends InputStream {
    private final Content content;
    private final byte[] single = new byte[1];
    private long position;

    ContentStream(Content content) {
        this.content = content;
    }

    @Override
    public int read() {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int count = content.read(position, into, offset, length);
        if (count > 0) {
            position += count;
        }
        return count;
    }
}

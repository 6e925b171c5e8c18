package org.posthouse.daemon;

import org.posthouse.core.Content;

/** A content in memory. */
record OctetContent(@SuppressWarnings("ArrayRecordComponent") byte[] array) implements Content {
    @Override
    public long octets() {
        return array.length;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
        if (position >= array.length) {
            return -1;
        }
        int count = (int) Math.min(length, array.length - position);
        System.arraycopy(array, (int) position, into, offset, count);
        return count;
    }

    @Override
    public void close() {}
}

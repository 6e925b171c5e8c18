package org.posthouse.spool;

import org.posthouse.core.Content;

/** A content that is in memory: the prefix, then the octets. Neither array changes any more. */
final class BytesContent implements Content {
    private final byte[] prefix;
    private final byte[] body;
    private final int bodyOctets;

    BytesContent(byte[] prefix, byte[] body, int bodyOctets) {
        this.prefix = prefix;
        this.body = body;
        this.bodyOctets = bodyOctets;
    }

    @Override
    public long octets() {
        return (long) prefix.length + bodyOctets;
    }

    /** Octets of memory that it holds. */
    long heldOctets() {
        return (long) prefix.length + body.length;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
        if (position >= octets()) {
            return -1;
        }
        int at = Math.toIntExact(position);
        if (at < prefix.length) {
            int count = Math.min(length, prefix.length - at);
            System.arraycopy(prefix, at, into, offset, count);
            return count;
        }
        int count = Math.min(length, bodyOctets - (at - prefix.length));
        System.arraycopy(body, at - prefix.length, into, offset, count);
        return count;
    }

    @Override
    public void close() {
        // nothing to give back
    }
}

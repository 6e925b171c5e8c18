package org.posthouse.spool;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link OctetWriter} wrote; never past the end. */
final class OctetReader {
    private final byte[] octets;
    private final int end;
    private int at;

    OctetReader(byte[] octets, int offset, int length) {
        this.octets = octets;
        at = offset;
        end = offset + length;
    }

    /** What was read does not have the form of the format; its checksum fitted all the same. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super(what);
        }
    }

    int position() {
        return at;
    }

    boolean isAtEnd() {
        return at == end;
    }

    void skip(int count) {
        moveTo(at + count);
    }

    void moveTo(int position) {
        if (position < at || position > end) {
            throw new Malformed("a record ends at " + position);
        }
        at = position;
    }

    int octet() {
        need(1);
        return octets[at++] & 0xff;
    }

    int number() {
        need(Integer.BYTES);
        int value =
                ((octets[at] & 0xff) << 24)
                        | ((octets[at + 1] & 0xff) << 16)
                        | ((octets[at + 2] & 0xff) << 8)
                        | (octets[at + 3] & 0xff);
        at += Integer.BYTES;
        return value;
    }

    long longNumber() {
        long high = number();
        return (high << 32) | (number() & 0xffff_ffffL);
    }

    /** A count of things that need at least so many octets each. */
    int count(int octetsEach) {
        int count = number();
        if (count < 0 || count > (end - at) / octetsEach) {
            throw new Malformed("a count of " + count);
        }
        return count;
    }

    byte[] octets() {
        int length = count(1);
        at += length;
        return Arrays.copyOfRange(octets, at - length, at);
    }

    String text() {
        int length = count(1);
        at += length;
        return new String(octets, at - length, length, StandardCharsets.UTF_8);
    }

    private void need(int count) {
        if (end - at < count) {
            throw new Malformed("ends early");
        }
    }
}

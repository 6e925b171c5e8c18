package org.posthouse.spool;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of a frame; docs/spool-format.md section 3 has the layout. One thread uses an
 * instance: it is the scratch space for checksums.
 */
final class Frame {
    static final int HEADER_OCTETS = 48;
    static final int ALIGNMENT = 8;

    /**
     * Where in a header the eight octets lie that hold its length and its type, which is not zero.
     */
    static final int TYPE_WORD = 8;

    static final byte CHUNK = 1;
    static final byte COMMIT = 2;

    /** Generation, salt and position, which the checksum covers and the disk does not hold. */
    private static final int BINDING_OCTETS = 24;

    private final CRC32C crc = new CRC32C();
    private final byte[] scratch = new byte[BINDING_OCTETS + HEADER_OCTETS - Integer.BYTES];
    private final ByteBuffer bound = ByteBuffer.wrap(scratch);

    int payloadChecksum;
    int payloadOctets;
    byte type;
    long sequence;
    long forced;
    long id;
    int number;

    /** Octets on disk of a frame with a payload of this length. */
    static int octetsFor(int payloadOctets) {
        return (HEADER_OCTETS + payloadOctets + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static int checksum(byte[] payload, int offset, int length) {
        var crc = new CRC32C();
        crc.update(payload, offset, length);
        return (int) crc.getValue();
    }

    /** Octets on disk of this frame. */
    int octets() {
        return octetsFor(payloadOctets);
    }

    /** Adds the header to the buffer. */
    void put(ByteBuffer into, SegmentHeader segment, long position) {
        bind(segment, position);
        bound.putInt(BINDING_OCTETS, payloadChecksum);
        bound.putInt(BINDING_OCTETS + 4, payloadOctets);
        bound.putInt(BINDING_OCTETS + 8, type << 24);
        bound.putLong(BINDING_OCTETS + 12, sequence);
        bound.putLong(BINDING_OCTETS + 20, forced);
        bound.putLong(BINDING_OCTETS + 28, id);
        bound.putInt(BINDING_OCTETS + 36, number);
        bound.putInt(BINDING_OCTETS + 40, 0);
        into.putInt(checksum());
        into.put(scratch, BINDING_OCTETS, HEADER_OCTETS - Integer.BYTES);
    }

    /**
     * Reads the header at an index of the buffer.
     *
     * @return false when there is none that belongs to this segment and position
     */
    boolean read(ByteBuffer from, int at, SegmentHeader segment, long position) {
        type = from.get(at + 12);
        payloadOctets = from.getInt(at + 8);
        sequence = from.getLong(at + 16);
        if (type <= 0
                || payloadOctets < 0
                || payloadOctets > segment.segmentOctets() - position - HEADER_OCTETS
                || sequence < segment.firstSequence()) {
            return false;
        }
        bind(segment, position);
        from.get(at + Integer.BYTES, scratch, BINDING_OCTETS, HEADER_OCTETS - Integer.BYTES);
        if (from.getInt(at) != checksum()) {
            return false;
        }
        payloadChecksum = from.getInt(at + 4);
        forced = from.getLong(at + 24);
        id = from.getLong(at + 32);
        number = from.getInt(at + 40);
        return true;
    }

    private void bind(SegmentHeader segment, long position) {
        bound.putLong(0, segment.generation());
        bound.putLong(8, segment.salt());
        bound.putLong(16, position);
    }

    private int checksum() {
        crc.reset();
        crc.update(scratch, 0, scratch.length);
        return (int) crc.getValue();
    }
}

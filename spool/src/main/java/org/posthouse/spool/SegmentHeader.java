package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The header of a segment; docs/spool-format.md section 2 has the layout.
 *
 * @param inUse false: free
 * @param number rises with every header of the file
 * @param generation rises with every use of any segment
 * @param epoch starts of the spool, counted
 * @param firstSequence sequence of the first frame
 * @param lastId highest id given out before
 * @param segmentOctets length of the file
 * @param salt random, part of the frames' checksums
 * @param bulk true: holds large content, not the log
 */
record SegmentHeader(
        boolean inUse,
        long number,
        long generation,
        long epoch,
        long firstSequence,
        long lastId,
        long segmentOctets,
        long salt,
        boolean bulk) {
    static final int OCTETS = 80;
    static final int SLOT_DISTANCE = 4096;

    /** Position of the first frame. */
    static final int FRAMES_AT = 2 * SLOT_DISTANCE;

    static final int VERSION = 2;

    private static final long MAGIC =
            ByteBuffer.wrap("PHSPOOL\n".getBytes(StandardCharsets.US_ASCII)).getLong();
    private static final int FREE = 1;
    private static final int IN_USE = 2;
    private static final int LOG = 0;
    private static final int BULK = 1;
    private static final int KIND_AT = 72;
    private static final int CHECKSUM_AT = 76;

    /** What a slot holds. */
    sealed interface Slot {
        /** Nothing that could be a header. */
        record Invalid() implements Slot {}

        /** A header of another format version. */
        record Other(int version) implements Slot {}

        /** A header of ours. */
        record Valid(SegmentHeader header) implements Slot {}
    }

    /** Of the log. */
    SegmentHeader(
            boolean inUse,
            long number,
            long generation,
            long epoch,
            long firstSequence,
            long lastId,
            long segmentOctets,
            long salt) {
        this(inUse, number, generation, epoch, firstSequence, lastId, segmentOctets, salt, false);
    }

    /** The number of the first header of a file: it goes to slot A of a bulk segment, else to B. */
    static long firstNumber(boolean bulk) {
        return bulk ? 0 : 1;
    }

    /** Where the header with this number goes: the slots take turns. */
    static long slotOf(long headerNumber) {
        return (headerNumber & 1) * SLOT_DISTANCE;
    }

    ByteBuffer encode() {
        ByteBuffer slot = ByteBuffer.allocate(OCTETS);
        slot.putLong(MAGIC).putInt(VERSION).putInt(inUse ? IN_USE : FREE);
        slot.putLong(number).putLong(generation).putLong(epoch).putLong(firstSequence);
        slot.putLong(lastId).putLong(segmentOctets).putLong(salt).putInt(bulk ? BULK : LOG);
        slot.putInt(checksum(slot, slotOf(number)));
        return slot.flip();
    }

    /** Reads what lies at a slot's position. */
    static Slot decode(ByteBuffer slot, long position) {
        if (slot.remaining() < OCTETS || slot.getLong(0) != MAGIC) {
            return new Slot.Invalid();
        }
        if (slot.getInt(CHECKSUM_AT) != checksum(slot, position)) {
            return new Slot.Invalid();
        }
        int version = slot.getInt(8);
        if (version != VERSION) {
            return new Slot.Other(version);
        }
        return new Slot.Valid(
                new SegmentHeader(
                        slot.getInt(12) == IN_USE,
                        slot.getLong(16),
                        slot.getLong(24),
                        slot.getLong(32),
                        slot.getLong(40),
                        slot.getLong(48),
                        slot.getLong(56),
                        slot.getLong(64),
                        slot.getInt(KIND_AT) == BULK));
    }

    /**
     * The header of a slot of which one bit is wrong: that with which the checksum fits. Corrects
     * the octets.
     *
     * @return null when there is none; a slot of zeros never has one
     */
    static @Nullable SegmentHeader repaired(ByteBuffer slot, long position) {
        for (int bit = 0; bit < slot.limit() * Byte.SIZE; bit++) {
            int at = bit / Byte.SIZE;
            byte before = slot.get(at);
            slot.put(at, (byte) (before ^ 1 << bit % Byte.SIZE));
            if (decode(slot, position) instanceof Slot.Valid valid) {
                return valid.header();
            }
            slot.put(at, before);
        }
        return null;
    }

    private static int checksum(ByteBuffer slot, long position) {
        var crc = new CRC32C();
        crc.update(slot.duplicate().position(0).limit(CHECKSUM_AT));
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, position));
        return (int) crc.getValue();
    }
}

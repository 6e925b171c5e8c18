package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Both header slots of a segment as they were read, and what they tell together.
 *
 * <p>Headers have consecutive numbers and take turns, and each is forced before the next is
 * written. A header lies in one sector, which a disk writes whole or not at all. So a file that
 * nothing happened to has two headers whose numbers follow each other, or its first one alone; in
 * any other the newest may be lost, and the one that is left may say that a full segment is free.
 *
 * <table>
 * <caption>What counts</caption>
 * <tr><th>one slot</th><th>the other</th><th>verdict</th></tr>
 * <tr><td>header n</td><td>header n + 1</td><td>the second</td></tr>
 * <tr><td>the first header there is</td><td>zeros</td><td>it</td></tr>
 * <tr><td>zeros</td><td>zeros</td><td>none</td></tr>
 * <tr><td colspan="2">anything else</td><td>lost</td></tr>
 * </table>
 *
 * <p>A header with one wrong bit is read as it was.
 *
 * @param a at the start of the file
 * @param b at {@link SegmentHeader#SLOT_DISTANCE}
 */
record HeaderSlots(Slot a, Slot b) {
    private static final int VERSION_AT = 8;
    private static final int UNKNOWN_VERSION = 0;

    /** What a slot holds. */
    enum State {
        ZEROS,
        WHOLE,
        MENDED,
        BAD
    }

    /**
     * One slot.
     *
     * @param position in the file
     * @param header what it says; null unless it is whole or was mended
     * @param version of its format
     */
    record Slot(long position, State state, @Nullable SegmentHeader header, int version) {
        boolean isDamaged() {
            return state == State.MENDED || state == State.BAD;
        }

        String name() {
            return position == 0 ? "header A" : "header B";
        }
    }

    /** What both slots tell. */
    sealed interface Verdict {
        /** Zeros: the file was never a segment. */
        record None() implements Verdict {}

        /**
         * The header that counts.
         *
         * @param mended it had a wrong bit
         * @param version of its format
         */
        record Known(SegmentHeader header, boolean mended, int version) implements Verdict {}

        /**
         * The newest header may be lost: nothing can be said of the file.
         *
         * @param why in words
         */
        record Lost(String why) implements Verdict {}
    }

    /**
     * Reads both slots.
     *
     * @throws SpoolException when one is of another format version
     */
    static HeaderSlots read(DiskFile file, Path path) throws IOException {
        return new HeaderSlots(readSlot(file, path, 0), readSlot(file, path, 1));
    }

    /** Reads the slot of headers with an even (0) or odd (1) number. */
    static Slot readSlot(DiskFile file, Path path, int parity) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(SegmentHeader.OCTETS);
        long position = SegmentHeader.slotOf(parity);
        file.read(octets, position);
        octets.flip();
        return switch (SegmentHeader.decode(octets, position)) {
            case SegmentHeader.Slot.Valid valid ->
                    new Slot(position, State.WHOLE, valid.header(), octets.getInt(VERSION_AT));
            case SegmentHeader.Slot.Other other ->
                    throw new SpoolException(
                            SpoolException.NEWER_FORMAT,
                            path
                                    + " has format version "
                                    + other.version()
                                    + "; this program knows "
                                    + SegmentHeader.VERSION,
                            null);
            case SegmentHeader.Slot.Invalid invalid -> mended(octets, position);
        };
    }

    private static Slot mended(ByteBuffer octets, long position) {
        if (isZero(octets)) {
            return new Slot(position, State.ZEROS, null, UNKNOWN_VERSION);
        }
        SegmentHeader header = SegmentHeader.repaired(octets, position);
        return header == null
                ? new Slot(position, State.BAD, null, UNKNOWN_VERSION)
                : new Slot(position, State.MENDED, header, octets.getInt(VERSION_AT));
    }

    private static boolean isZero(ByteBuffer octets) {
        for (int i = 0; i < octets.limit(); i++) {
            if (octets.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    List<Slot> both() {
        return List.of(a, b);
    }

    /** What counts. */
    Verdict verdict() {
        if (a.state == State.ZEROS && b.state == State.ZEROS) {
            return new Verdict.None();
        }
        if (a.state == State.BAD && b.state == State.BAD) {
            return new Verdict.Lost("neither header is valid");
        }
        if (a.state == State.BAD || b.state == State.BAD) {
            return new Verdict.Lost((a.state == State.BAD ? a : b).name() + " is damaged");
        }
        if (a.header == null || b.header == null) {
            return alone(a.header == null ? b : a);
        }
        long apart = a.header.number() - b.header.number();
        if (apart != 1 && apart != -1) {
            return new Verdict.Lost("the headers do not follow each other");
        }
        return known(apart > 0 ? a : b, apart > 0 ? a.header : b.header);
    }

    private static Verdict alone(Slot slot) {
        SegmentHeader header = slot.header;
        if (header == null || header.number() != SegmentHeader.firstNumber(header.bulk())) {
            return new Verdict.Lost("the header beside " + slot.name() + " is gone");
        }
        return known(slot, header);
    }

    private static Verdict known(Slot slot, SegmentHeader header) {
        return new Verdict.Known(header, slot.state == State.MENDED, slot.version);
    }
}

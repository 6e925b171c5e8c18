package org.posthouse.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes frames to the active segment, through one buffer, and forces them. The committer's own.
 */
final class LogWriter {
    /** With many writers the rest of a segment is filled sooner than the zeros of the next. */
    private static final int NEXT_DUE_AFTER_OCTETS = 4 << 20;

    private static final byte[] PADDING = new byte[Frame.ALIGNMENT];

    private final ByteBuffer buffer;
    private final Frame frame = new Frame();
    private Segment active;

    /** Where the buffer's first octet goes. */
    private long bufferAt;

    private long written;

    /** Of the next frame. */
    private long sequence;

    /** The highest sequence known to be forced. */
    private long forced;

    /**
     * To a fresh segment.
     *
     * @param sequence the next frame's, as the segment's header says
     */
    LogWriter(int bufferOctets, Segment active, long sequence) {
        buffer = ByteBuffer.allocateDirect(bufferOctets);
        this.active = active;
        this.sequence = sequence;
        forced = sequence - 1;
        bufferAt = SegmentHeader.FRAMES_AT;
    }

    Segment active() {
        return active;
    }

    /** The sequence that a fresh segment starts with: all below is forced. */
    long firstUnforced() {
        return forced + 1;
    }

    /** Where the log stands now, all of it forced. */
    Snapshot position(long lastId) {
        return new Snapshot(
                forced, lastId, active.header.generation(), bufferAt, List.of(), List.of());
    }

    /** Octets written since this was asked last. */
    long takeWritten() {
        long count = written;
        written = 0;
        return count;
    }

    boolean hasUnforced() {
        return sequence > forced + 1;
    }

    boolean fits(int octets) {
        return bufferAt + buffer.position() + octets <= active.header.segmentOctets();
    }

    /** True once the next segment should be in the making. */
    boolean isNextDue() {
        long half = active.header.segmentOctets() / 2;
        return bufferAt > Math.min(half, NEXT_DUE_AFTER_OCTETS);
    }

    /** Goes on in a fresh segment; what was forced stays, what was not is void. */
    void enter(Segment fresh) {
        buffer.clear();
        active = fresh;
        bufferAt = SegmentHeader.FRAMES_AT;
        sequence = forced + 1;
    }

    /** Adds a frame; its place is set. */
    void put(Part part, long firstId) throws IOException {
        if (buffer.remaining() < Frame.HEADER_OCTETS) {
            write();
        }
        part.position = bufferAt + buffer.position();
        frame.type = part.type;
        frame.payloadOctets = part.length;
        frame.payloadChecksum = part.checksum;
        frame.sequence = sequence++;
        frame.forced = forced;
        frame.id = part.own ? firstId + part.id : part.id;
        frame.number = part.number;
        frame.put(buffer, active.header, part.position);
        put(part.payload, part.length);
        put(PADDING, part.octets() - Frame.HEADER_OCTETS - part.length);
    }

    private void put(byte[] octets, int length) throws IOException {
        for (int at = 0; at < length; ) {
            if (!buffer.hasRemaining()) {
                write();
            }
            int count = Math.min(buffer.remaining(), length - at);
            buffer.put(octets, at, count);
            at += count;
        }
    }

    /** Writes what the buffer holds. */
    void write() throws IOException {
        int count = buffer.position();
        if (count > 0) {
            active.file.write(buffer.flip(), bufferAt);
            bufferAt += count;
            written += count;
            buffer.clear();
        }
    }

    /** Writes and forces all frames. */
    void force() throws IOException {
        write();
        if (hasUnforced()) {
            active.file.force();
            forced = sequence - 1;
        }
    }
}

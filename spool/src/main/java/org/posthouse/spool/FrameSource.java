package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads single frames by their places; keeps the last segment open. One thread uses it. */
final class FrameSource implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final SegmentLook look;
    private final Frame frame = new Frame();
    private @Nullable Segment open;
    private SegmentLook.@Nullable Seen seen;

    FrameSource(SegmentLook look) {
        this.look = look;
    }

    /**
     * The payload of a frame.
     *
     * @throws IOException when there is no such frame
     */
    byte[] payload(SegmentLook.Seen wanted, long position) throws IOException {
        Segment segment = segment(wanted);
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_OCTETS);
        segment.file.read(header, position);
        if (header.hasRemaining() || !frame.read(header, 0, segment.header, position)) {
            throw new IOException(segment + " has no frame at octet " + position);
        }
        ByteBuffer payload = ByteBuffer.allocate(frame.payloadOctets);
        segment.file.read(payload, position + Frame.HEADER_OCTETS);
        return Arrays.copyOf(payload.array(), payload.position());
    }

    /** True when the frame read last was whole. */
    boolean isWhole(byte[] payload) {
        return payload.length == frame.payloadOctets
                && frame.payloadChecksum == Frame.checksum(payload, 0, payload.length);
    }

    /** The octets of a chunk; none when it is not there any more. */
    byte[] chunk(ContentPlaces.Place place, long contentId, int number) {
        try {
            byte[] payload = payload(place.segment(), place.position());
            boolean fits =
                    frame.type == Frame.CHUNK
                            && frame.id == contentId
                            && frame.number == number
                            && payload.length == place.length();
            return fits ? payload : NOTHING;
        } catch (IOException e) {
            return NOTHING;
        }
    }

    /** The records of a commit. */
    CommitRecords commit(SegmentLook.Seen wanted, long position) throws IOException {
        byte[] payload = payload(wanted, position);
        if (frame.type != Frame.COMMIT || !isWhole(payload)) {
            throw new IOException(wanted.name() + " is damaged at octet " + position);
        }
        return CommitRecords.of(payload, frame.id);
    }

    private Segment segment(SegmentLook.Seen wanted) throws IOException {
        Segment segment = open;
        if (segment == null || !wanted.equals(seen)) {
            close();
            segment = look.open(wanted);
            open = segment;
            seen = wanted;
        }
        return segment;
    }

    @Override
    public void close() throws IOException {
        Segment segment = open;
        open = null;
        if (segment != null) {
            segment.file.close();
        }
    }
}

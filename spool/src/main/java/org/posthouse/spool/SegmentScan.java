package org.posthouse.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a segment from front to back. Where no frame begins, it looks for the next one at every
 * multiple of {@link Frame#ALIGNMENT}.
 */
final class SegmentScan {
    private static final int WINDOW_OCTETS = 1 << 20;

    private final Segment segment;
    private final long end;
    private final Frame frame = new Frame();
    private final List<Found> found = new ArrayList<>();
    private ByteBuffer window;
    private long windowAt;

    /**
     * A frame whose header is good.
     *
     * @param whole the payload is good, too
     * @param payload of a commit; empty for others
     */
    record Found(
            long position,
            byte type,
            long sequence,
            long forced,
            long id,
            int number,
            int length,
            boolean whole,
            @SuppressWarnings("ArrayRecordComponent") byte[] payload) {
        long end() {
            return position + Frame.octetsFor(length);
        }
    }

    private SegmentScan(Segment segment) {
        this.segment = segment;
        end = segment.header.segmentOctets();
        window = ByteBuffer.allocate((int) Math.min(WINDOW_OCTETS, end)).limit(0);
    }

    static List<Found> scan(Segment segment, long from) throws IOException {
        var scan = new SegmentScan(segment);
        scan.run(from);
        return scan.found;
    }

    private void run(long from) throws IOException {
        long at = from;
        while (at + Frame.HEADER_OCTETS <= end) {
            if (!show(at, Frame.HEADER_OCTETS)) {
                return;
            }
            long next = pastNothing(at);
            if (next > at) {
                at = next;
                continue;
            }
            int index = (int) (at - windowAt);
            boolean header =
                    frame.read(window, index, segment.header, at) && frame.forced < frame.sequence;
            at += header ? take(at) : Frame.ALIGNMENT;
        }
    }

    /**
     * Where a header may begin, from here to the end of the window: one has a type, and where
     * nothing was written yet, which is most of a segment after a clean stop, there is none.
     */
    private long pastNothing(long at) {
        int index = (int) (at - windowAt);
        int last = window.limit() - Frame.HEADER_OCTETS;
        while (index <= last && window.getLong(index + Frame.TYPE_WORD) == 0) {
            index += Frame.ALIGNMENT;
        }
        return windowAt + index;
    }

    /** Takes the frame whose header was read; tells its length. */
    private int take(long at) throws IOException {
        int octets = frame.octets();
        byte[] payload = {};
        boolean whole = false;
        if (show(at, Frame.HEADER_OCTETS + frame.payloadOctets)) {
            int start = (int) (at - windowAt) + Frame.HEADER_OCTETS;
            whole =
                    frame.payloadChecksum
                            == Frame.checksum(window.array(), start, frame.payloadOctets);
            if (frame.type == Frame.COMMIT) {
                payload = new byte[frame.payloadOctets];
                window.get(start, payload);
            }
        }
        found.add(
                new Found(
                        at,
                        frame.type,
                        frame.sequence,
                        frame.forced,
                        frame.id,
                        frame.number,
                        frame.payloadOctets,
                        whole,
                        payload));
        // behind a bad payload anything may come, the next frame first of all
        return whole ? octets : Frame.HEADER_OCTETS;
    }

    /** Brings octets into the window; false when the file ends before. */
    private boolean show(long at, int octets) throws IOException {
        if (at >= windowAt && at + octets <= windowAt + window.limit()) {
            return true;
        }
        if (octets > window.capacity()) {
            window = ByteBuffer.allocate(octets);
        }
        window.clear();
        windowAt = at;
        segment.file.read(window, at);
        window.flip();
        return window.limit() >= octets;
    }
}

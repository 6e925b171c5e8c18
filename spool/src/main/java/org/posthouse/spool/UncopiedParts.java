package org.posthouse.spool;

import java.util.ArrayList;
import java.util.List;

/**
 * Where last settle records may lie in a segment that are nowhere else: all of it at first, in the
 * end nothing but what no pass could read. The compactor's.
 */
final class UncopiedParts {
    private List<Part> parts = List.of(new Part(0, Long.MAX_VALUE));

    /** Octets from a position up to another. */
    record Part(long from, long to) {}

    boolean isEmpty() {
        return parts.isEmpty();
    }

    boolean contains(long position) {
        return parts.stream().anyMatch(part -> part.from <= position && position < part.to);
    }

    /** All has been copied but for these, which lie apart and in order. */
    void keep(List<Part> others) {
        List<Part> kept = new ArrayList<>();
        int i = 0;
        int k = 0;
        while (i < parts.size() && k < others.size()) {
            Part one = parts.get(i);
            Part other = others.get(k);
            long from = Math.max(one.from, other.from);
            long to = Math.min(one.to, other.to);
            if (from < to) {
                kept.add(new Part(from, to));
            }
            if (one.to <= other.to) {
                i++;
            } else {
                k++;
            }
        }
        parts = kept;
    }

    /** What a pass over a segment has not read well. */
    static final class Pass {
        private final Segment segment;
        private final List<Part> unread = new ArrayList<>();
        private long expected;
        private long end = SegmentHeader.FRAMES_AT;

        Pass(Segment segment) {
            this.segment = segment;
            expected = segment.header.firstSequence();
        }

        /** It came to a frame; false when that is void. */
        boolean comesTo(SegmentScan.Found frame) {
            if (segment.endSequence > 0 && frame.sequence() >= segment.endSequence) {
                return false;
            }
            if (frame.sequence() != expected) {
                add(end, Math.max(frame.position(), end + 1));
            }
            if (frame.type() == Frame.COMMIT && !frame.whole()) {
                add(frame.position(), frame.end());
            }
            expected = frame.sequence() + 1;
            end = frame.end();
            return true;
        }

        /** What is behind a bad frame may lie in it as far as its header tells. */
        private void add(long from, long to) {
            long last = unread.isEmpty() ? 0 : unread.getLast().to;
            if (Math.max(from, last) < to) {
                unread.add(new Part(Math.max(from, last), to));
            }
        }

        /** What was not read well up to the last frame, and what comes behind that. */
        List<Part> unread() {
            List<Part> all = new ArrayList<>(unread);
            long last = all.isEmpty() ? 0 : all.getLast().to;
            all.add(new Part(Math.max(end, last), Long.MAX_VALUE));
            return all;
        }

        /** The same, when no frame was found behind that. */
        List<Part> unreadInAll() {
            return expected < segment.endSequence ? unread() : unread;
        }
    }
}

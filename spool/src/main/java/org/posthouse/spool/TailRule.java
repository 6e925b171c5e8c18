package org.posthouse.spool;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells damage from tail (docs/spool-format.md section 7): what is missing although it had been
 * forced is damage and skipped; at the first thing that is missing and had not been forced, the log
 * is cut.
 */
final class TailRule {
    private TailRule() {}

    /**
     * What a segment's frames are worth.
     *
     * @param good frames that count, in order
     * @param erased frames that must not be seen again
     * @param damaged frames that had been forced and can't be read
     * @param forced the highest sequence that is known to have been forced
     * @param next the sequence after the last one that was used up
     */
    record Judgement(
            List<SegmentScan.Found> good,
            List<SegmentScan.Found> erased,
            long damaged,
            long forced,
            long next) {
        /** Octets of the log that are cut. */
        long erasedOctets() {
            long sum = 0;
            for (SegmentScan.Found frame : erased) {
                sum += frame.end() - frame.position();
            }
            return sum;
        }
    }

    /**
     * What is known of a segment from elsewhere.
     *
     * @param first its first sequence
     * @param end what the next generation starts with: all from there on is void; {@link
     *     Long#MAX_VALUE} for the last segment
     * @param adjoins the next generation is the very next one: all before {@code end} was here
     * @param forced all up to this sequence had been forced, as a checkpoint says; 0 without one
     */
    record Bounds(long first, long end, boolean adjoins, long forced) {
        boolean isLast() {
            return end == Long.MAX_VALUE;
        }
    }

    /**
     * Judges.
     *
     * @param found frames with a good header, by position
     */
    static Judgement judge(List<SegmentScan.Found> found, Bounds bounds) {
        long first = bounds.first;
        long end = bounds.end;
        boolean last = bounds.isLast();
        long forced = last ? Math.max(bounds.forced, forcedIn(found, first)) : end - 1;
        List<SegmentScan.Found> good = new ArrayList<>(found.size());
        List<SegmentScan.Found> erased = new ArrayList<>();
        long expected = first;
        long damaged = 0;
        boolean cut = false;
        for (SegmentScan.Found frame : found) {
            long sequence = frame.sequence();
            boolean gap = sequence > expected;
            cut |= sequence >= end || (gap && sequence - 1 > forced);
            cut |= !frame.whole() && sequence > forced;
            if (cut) {
                erased.add(frame);
            } else if (sequence >= expected) {
                damaged += sequence - expected + (frame.whole() ? 0 : 1);
                expected = sequence + 1;
                if (frame.whole()) {
                    good.add(frame);
                }
            }
        }
        if (last || bounds.adjoins) {
            damaged += Math.max(0, forced + 1 - expected);
            expected = Math.max(expected, forced + 1);
        }
        return new Judgement(good, erased, damaged, forced, expected);
    }

    private static long forcedIn(List<SegmentScan.Found> found, long first) {
        long forced = first - 1;
        for (SegmentScan.Found frame : found) {
            forced = Math.max(forced, frame.forced());
        }
        return forced;
    }
}

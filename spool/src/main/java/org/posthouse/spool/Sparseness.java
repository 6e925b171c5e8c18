package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Which segment to empty next, so that the log stays within twice what is live and a few segments:
 * the one with the least that is live. What may be moved is limited by what was written, so that
 * moving never costs more than the mail itself; on a full disk there is no limit, for it makes
 * room. Pure; the committer's.
 */
final class Sparseness {
    private static final int SLACK_SEGMENTS = 4;
    private static final int CREDIT_SEGMENTS_MAX = 8;
    private static final double LIVE_MAX = 0.5;
    private static final double LIVE_MAX_WHEN_LOW = 0.9;

    private final long segmentOctets;
    private long credit;

    Sparseness(long segmentOctets) {
        this.segmentOctets = segmentOctets;
        credit = SLACK_SEGMENTS * segmentOctets;
    }

    /** So much mail was written. */
    void written(long octets) {
        credit = Math.min(credit + octets, CREDIT_SEGMENTS_MAX * segmentOctets);
    }

    /**
     * Chooses.
     *
     * @param low there is no room for another segment
     * @return null when none is worth it, or may be afforded
     */
    @Nullable Segment choose(List<Segment> segments, boolean low) {
        Segment sparsest = null;
        long live = 0;
        long all = 0;
        for (Segment segment : segments) {
            if (segment.active || segment.liveOctets == 0) {
                continue;
            }
            live += segment.liveOctets;
            all += segmentOctets;
            boolean movable = !segment.kept && !segment.unmovable;
            if (movable && (sparsest == null || segment.liveOctets < sparsest.liveOctets)) {
                sparsest = segment;
            }
        }
        boolean tidy = all - live <= Math.max(live, SLACK_SEGMENTS * segmentOctets);
        if (sparsest == null || (tidy && !low)) {
            return null;
        }
        double most = low ? LIVE_MAX_WHEN_LOW : LIVE_MAX;
        if (sparsest.liveOctets > most * segmentOctets) {
            return null;
        }
        if (!low && sparsest.liveOctets > credit) {
            return null;
        }
        credit -= Math.min(credit, sparsest.liveOctets);
        return sparsest;
    }
}

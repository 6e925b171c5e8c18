package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * Which segment to empty next, so that all of a kind, but for those that never get empty, stay
 * within twice what is live and a few segments: the one with the least that is live. No more is
 * moved in all than was written, so that moving never costs more than the mail itself; on a full
 * disk there is no limit, for it makes room. Pure; its thread's.
 */
final class Sparseness {
    private static final int SLACK_SEGMENTS = 4;

    /** What can't be moved now is left alone so long, and longer each time. */
    private static final long RETRY_NANOS = Duration.ofMinutes(1).toNanos();

    private static final int DOUBLINGS_MAX = 6;

    private static final double LIVE_MAX = 0.5;
    private static final double LIVE_MAX_WHEN_LOW = 0.9;

    private final long segmentOctets;
    private long credit;

    /** For segments with room for so many octets, some of which were written before. */
    Sparseness(long segmentOctets, int used) {
        this.segmentOctets = segmentOctets;
        credit = (used + SLACK_SEGMENTS) * segmentOctets;
    }

    /** True when at most half of a segment is live. */
    static boolean isSparse(Segment segment) {
        return segment.liveOctets <= LIVE_MAX * segment.header.segmentOctets();
    }

    /** So much was written, copies not counted. */
    void written(long octets) {
        credit += octets;
    }

    /**
     * Chooses.
     *
     * @param low there is no room for another segment
     * @param nowNanos of the monotonic clock
     * @return null when none is worth it, or may be afforded
     */
    <S extends Segment> @Nullable S choose(List<S> segments, boolean low, long nowNanos) {
        double most = low ? LIVE_MAX_WHEN_LOW : LIVE_MAX;
        S sparsest = null;
        long live = 0;
        long all = 0;
        for (S segment : segments) {
            if (segment.active || segment.liveOctets == 0) {
                continue;
            }
            if (low || !segment.isStuck()) {
                live += segment.liveOctets;
                all += segment.takenOctets();
            }
            boolean movable = !segment.isBound() && isDue(segment, low, nowNanos);
            boolean sparse = segment.liveOctets <= most * takenWithFollowers(segment);
            if (movable && sparse && (sparsest == null || isBetter(segment, sparsest))) {
                sparsest = segment;
            }
        }
        boolean tidy = all - live <= Math.max(live, SLACK_SEGMENTS * segmentOctets);
        if (sparsest == null || (tidy && !low)) {
            return null;
        }
        if (!low && sparsest.liveOctets > credit) {
            return null;
        }
        credit -= Math.min(credit, sparsest.liveOctets);
        sparsest.triedAt = nowNanos;
        sparsest.tries++;
        return sparsest;
    }

    /** What got empty at none of several tries comes last. */
    private static boolean isBetter(Segment one, Segment other) {
        return one.isStuck() == other.isStuck()
                ? one.liveOctets < other.liveOctets
                : other.isStuck();
    }

    /** What emptying it makes free, its followers' dead octets among it. */
    private static long takenWithFollowers(Segment segment) {
        long taken = segment.takenOctets();
        for (Segment next : segment.followers) {
            taken += next.active ? 0 : next.takenOctets() - next.liveOctets;
        }
        return taken;
    }

    /** One that never gets empty, be it for a message set aside, must not keep others waiting. */
    private static boolean isDue(Segment segment, boolean low, long nowNanos) {
        int doublings = low ? 0 : Math.clamp(segment.tries - 1, 0, DOUBLINGS_MAX);
        return nowNanos - segment.triedAt >= RETRY_NANOS << doublings;
    }
}

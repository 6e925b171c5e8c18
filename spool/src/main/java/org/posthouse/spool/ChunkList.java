package org.posthouse.spool;

import java.util.Arrays;

/**
 * Where the chunks of a content lie, in order. Kept as runs: chunks of the same length that follow
 * each other in a segment, so that a large content costs little memory.
 */
final class ChunkList {
    private Segment[] segments = new Segment[1];
    private long[] positions = new long[1];
    private int[] lengths = new int[1];

    /** Chunks up to the end of the run. */
    private int[] ends = new int[1];

    private int runs;

    void add(Segment segment, long position, int length) {
        if (continues(segment, position, length)) {
            ends[runs - 1]++;
            return;
        }
        if (runs == positions.length) {
            segments = Arrays.copyOf(segments, runs * 2);
            positions = Arrays.copyOf(positions, runs * 2);
            lengths = Arrays.copyOf(lengths, runs * 2);
            ends = Arrays.copyOf(ends, runs * 2);
        }
        segments[runs] = segment;
        positions[runs] = position;
        lengths[runs] = length;
        ends[runs] = count() + 1;
        runs++;
    }

    private boolean continues(Segment segment, long position, int length) {
        int last = runs - 1;
        return runs > 0
                && segments[last] == segment
                && lengths[last] == length
                && end(last) == position;
    }

    /** Chunks. */
    int count() {
        return start(runs);
    }

    Segment segment(int chunk) {
        return segments[runOf(chunk)];
    }

    long position(int chunk) {
        int run = runOf(chunk);
        return positions[run] + (chunk - start(run)) * (long) Frame.octetsFor(lengths[run]);
    }

    int length(int chunk) {
        return lengths[runOf(chunk)];
    }

    private int runOf(int chunk) {
        int found = Arrays.binarySearch(ends, 0, runs, chunk + 1);
        return found < 0 ? -found - 1 : found;
    }

    /** True when some chunk lies in a segment. */
    boolean isIn(Segment segment) {
        for (int run = 0; run < runs; run++) {
            if (segments[run] == segment) {
                return true;
            }
        }
        return false;
    }

    /** Chunks before the run. */
    private int start(int run) {
        return run == 0 ? 0 : ends[run - 1];
    }

    int runs() {
        return runs;
    }

    Segment runSegment(int run) {
        return segments[run];
    }

    long runPosition(int run) {
        return positions[run];
    }

    /** Length of each chunk of a run. */
    int runLength(int run) {
        return lengths[run];
    }

    /** Chunks of a run. */
    int runCount(int run) {
        return ends[run] - start(run);
    }

    /** Position behind a run. */
    long end(int run) {
        return positions[run] + runOctets(run);
    }

    private long runOctets(int run) {
        return runCount(run) * (long) Frame.octetsFor(lengths[run]);
    }

    /** Has the segments kept in this run, whatever is live. */
    void keep() {
        for (int run = 0; run < runs; run++) {
            segments[run].kept = true;
        }
    }

    /** Octets of content. */
    long octets() {
        long sum = 0;
        for (int run = 0; run < runs; run++) {
            sum += runCount(run) * (long) lengths[run];
        }
        return sum;
    }

    /**
     * Counts the chunks as live in their segments, or no longer; once the spool runs, the caller
     * holds the index' lock.
     */
    void live(boolean live) {
        for (int run = 0; run < runs; run++) {
            Segment segment = segments[run];
            segment.liveOctets += live ? runOctets(run) : -runOctets(run);
            if (segment.liveOctets == 0) {
                segment.emptied();
            }
        }
    }
}

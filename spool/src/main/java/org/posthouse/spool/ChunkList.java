package org.posthouse.spool;

import java.util.Arrays;

/** Where the chunks of a content lie, in order. */
final class ChunkList {
    private Segment[] segments = new Segment[1];
    private long[] positions = new long[1];
    private int[] lengths = new int[1];
    private int count;

    void add(Segment segment, long position, int length) {
        if (count == positions.length) {
            segments = Arrays.copyOf(segments, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        segments[count] = segment;
        positions[count] = position;
        lengths[count++] = length;
    }

    int count() {
        return count;
    }

    Segment segment(int chunk) {
        return segments[chunk];
    }

    long position(int chunk) {
        return positions[chunk];
    }

    int length(int chunk) {
        return lengths[chunk];
    }

    void clear() {
        count = 0;
    }

    /** Octets of content. */
    long octets() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += lengths[i];
        }
        return sum;
    }

    /** Counts the chunks as live in their segments, or no longer. */
    void live(boolean live) {
        for (int i = 0; i < count; i++) {
            int octets = Frame.octetsFor(lengths[i]);
            segments[i].liveOctets += live ? octets : -octets;
        }
    }
}

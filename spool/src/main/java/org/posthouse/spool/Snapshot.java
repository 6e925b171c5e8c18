package org.posthouse.spool;

import java.util.List;

/**
 * Where the log stood at an instant: all frames up to a sequence were forced and are in the index,
 * no later one is.
 *
 * @param sequence that of the last forced frame
 * @param lastId the highest id given out
 * @param generation of the active segment
 * @param position in the active segment, of the next frame
 * @param inUse the segments in use
 * @param holds which of them hold octets in which others
 */
record Snapshot(
        long sequence,
        long lastId,
        long generation,
        long position,
        List<InUse> inUse,
        List<Hold> holds) {
    Snapshot {
        inUse = List.copyOf(inUse);
        holds = List.copyOf(holds);
    }

    /** A segment by its file and its use. */
    record InUse(int file, long generation) {}

    /** Octets in the segment of one generation that are live because of another one. */
    record Hold(long holder, long held, long octets) {}
}

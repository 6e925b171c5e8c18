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
 * @param holds which of them keep which others
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

    /**
     * What is in the segment of one generation because of another one.
     *
     * @param octets of last settle records; 0: it must not be free before the other one
     */
    record Hold(long holder, long held, long octets) {
        /** An order of getting free. */
        static Hold order(long first, long then) {
            return new Hold(first, then, 0);
        }

        boolean isOrder() {
            return octets == 0;
        }
    }
}

package org.posthouse.spool;

import java.util.ArrayList;
import java.util.List;

/**
 * Chunks of a content that follow each other in a bulk segment; docs/spool-format.md section 3.
 *
 * @param file number of the file
 * @param generation of the segment, so that another file of the same number is not taken for it
 * @param position of the first chunk's frame
 * @param count of chunks
 */
record BulkRun(int file, long generation, long position, int count) {
    /** Octets in an accept record. */
    static final int OCTETS = 24;

    /** The runs of a content that lies in bulk segments. */
    static List<BulkRun> of(ChunkList chunks) {
        List<BulkRun> runs = new ArrayList<>();
        for (int i = 0; i < chunks.runs(); i++) {
            Segment segment = chunks.runSegment(i);
            long position = chunks.runPosition(i);
            int count = chunks.runCount(i);
            // a shorter last chunk is a run of its own there, but need not be here
            while (i + 1 < chunks.runs()
                    && chunks.runSegment(i + 1) == segment
                    && chunks.runPosition(i + 1) == chunks.end(i)) {
                count += chunks.runCount(++i);
            }
            runs.add(new BulkRun(segment.number, segment.header.generation(), position, count));
        }
        return runs;
    }

    void write(OctetWriter to) {
        to.number(file);
        to.number(generation);
        to.number(position);
        to.number(count);
    }

    static BulkRun read(OctetReader from) {
        return new BulkRun(from.number(), from.longNumber(), from.longNumber(), from.number());
    }
}

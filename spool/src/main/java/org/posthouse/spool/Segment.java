package org.posthouse.spool;

import org.posthouse.platform.DiskFile;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of the log. The committer owns what is not marked otherwise; before it starts, the
 * recovery does.
 */
sealed class Segment permits BulkSegment {
    final int number;
    final Path path;
    final DiskFile file;

    /** Replaced only when nothing in the segment is live: no reader can see the change. */
    volatile SegmentHeader header;

    /** Octets that must not be lost. */
    long liveOctets;

    /** The committer writes here. */
    boolean active;

    /** Not freed in this run, whatever is live. */
    boolean kept;

    /**
     * Octets in other segments that are live because of this one: the last settle records of
     * messages accepted here and done.
     */
    final Map<Segment, Long> settledIn = new LinkedHashMap<>();

    /** Open contents; guarded by the index' lock. */
    int readers;

    Segment(int number, Path path, DiskFile file, SegmentHeader header) {
        this.number = number;
        this.path = path;
        this.file = file;
        this.header = header;
    }

    /** Nothing in it is live any more, or nobody reads it; the caller holds the index' lock. */
    void emptied() {}

    @Override
    public String toString() {
        return path.getFileName() + " (generation " + header.generation() + ")";
    }
}

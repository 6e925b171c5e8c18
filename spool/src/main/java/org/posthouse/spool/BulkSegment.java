package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.DiskFile;

import java.nio.file.Path;

/**
 * A file of large content. What is not marked otherwise is guarded by the lock of {@link
 * BulkFiles}; what it has from {@link Segment}, by the index' lock.
 */
final class BulkSegment extends Segment {
    /** None during the recovery, which deletes what nobody refers to when it ends. */
    @Nullable BulkFiles files;

    /** Where the next chunk goes. */
    long end;

    /** Sinks with octets in it that are neither accepted nor given up. */
    int sinks;

    /** To be deleted, or deleted. */
    boolean dead;

    /** Why nothing that was not forced before may be relied on; none of it is forced again. */
    volatile @Nullable Outcome failure;

    /** Waits for the forcing thread. */
    boolean queued;

    /** Forces begun, and those that are over. */
    long roundsBegun;

    long roundsDone;

    /** The directory was forced since the file was made; the forcing thread's. */
    boolean named;

    BulkSegment(int number, Path path, DiskFile file, SegmentHeader header, long end) {
        super(number, path, file, header);
        this.end = end;
    }

    @Override
    void emptied() {
        BulkFiles owner = files;
        if (owner != null) {
            owner.reconsider(this);
        }
    }

    @Override
    long takenOctets() {
        return end - SegmentHeader.FRAMES_AT;
    }

    /** A sink may write so many octets more. */
    boolean hasRoom(int octets) {
        return failure == null && end + octets <= header.segmentOctets();
    }
}

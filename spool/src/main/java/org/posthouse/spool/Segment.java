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
    /** What an order of freeing counts in the segment that must wait. */
    static final int HOLD_OCTETS = 8;

    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    final int number;
    final Path path;
    final DiskFile file;

    /** Replaced only when nothing in the segment is live: no reader can see the change. */
    volatile SegmentHeader header;

    /** The header is on the disk for certain: this run wrote and forced it. */
    boolean headerSecured;

    /** Its number in rows while it is in use; guarded by the index' lock. */
    int slot;

    /** Octets that must not be lost. */
    long liveOctets;

    /** The committer writes here. */
    boolean active;

    /** When it was last tried to empty it, by the monotonic clock; long ago when it was not. */
    long triedAt = LONG_AGO;

    /** How often that was tried since it is in use. */
    int tries;

    /** A write or force failed: what was not forced before is void. */
    boolean poisoned;

    /** Not freed in this run, whatever is live. */
    boolean kept;

    /**
     * Octets in other segments that are live because of this one, until it is free: the last settle
     * records of deliveries that are done and whose message was accepted here, and a few octets for
     * what must not be free before this one (docs/spool-format.md section 6).
     */
    final Map<Segment, Long> holds = new LinkedHashMap<>();

    /** Open contents; guarded by the index' lock. */
    int readers;

    /**
     * The generation in which it was emptied of last records once: all there were are elsewhere,
     * too, and are not copied again. The compactor's; 0 when it never was.
     */
    private long lastRecordsMoved;

    Segment(int number, Path path, DiskFile file, SegmentHeader header) {
        this.number = number;
        this.path = path;
        this.file = file;
        this.header = header;
    }

    /** Octets for frames that it takes of the disk. */
    long takenOctets() {
        return header.segmentOctets() - SegmentHeader.FRAMES_AT;
    }

    /** Nothing in it is live any more, or nobody reads it; the caller holds the index' lock. */
    void emptied() {}

    /** It is used from now on, anew. */
    void used() {
        active = true;
        triedAt = LONG_AGO;
        tries = 0;
    }

    /** Forgets what a checkpoint said of it. */
    void unused() {
        slot = 0;
        holds.clear();
    }

    /** Octets of another segment are live because of this one. */
    void hold(Segment in, long octets) {
        if (in != this) {
            note(in, octets);
            in.liveOctets += octets;
        }
    }

    /** The same at a start, before {@link Ledger#countAll}. */
    void note(Segment in, long octets) {
        if (in != this) {
            holds.merge(in, octets, Long::sum);
        }
    }

    /** All last records in it, of deliveries that are done, have been moved. */
    void lastRecordsMoved() {
        lastRecordsMoved = header.generation();
    }

    boolean isWithoutLastRecords() {
        return lastRecordsMoved == header.generation();
    }

    /** What is live in one segment because of this one is live in another now. */
    void passOn(Segment from, Segment to, long octets) {
        long held = holds.getOrDefault(from, 0L);
        if (held < octets) {
            return;
        }
        if (held == octets) {
            holds.remove(from);
        } else {
            holds.put(from, held - octets);
        }
        from.liveOctets -= octets;
        hold(to, octets);
    }

    /** This segment is free: so is what it held. */
    void letGo() {
        holds.forEach((in, octets) -> in.liveOctets -= octets);
        holds.clear();
    }

    @Override
    public String toString() {
        return path.getFileName() + " (generation " + header.generation() + ")";
    }
}

package org.posthouse.spool;

import org.posthouse.platform.DiskFile;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A file of the log. The committer owns what is not marked otherwise; before it starts, the
 * recovery does.
 */
sealed class Segment permits BulkSegment {
    /** What waiting for another one counts in a segment. */
    static final int FOLLOWER_OCTETS = 8;

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

    /** The sequence behind its last frame; 0 while it grows, or where that is not known. */
    volatile long endSequence;

    /** When it was last tried to empty it, by the monotonic clock; long ago when it was not. */
    long triedAt = LONG_AGO;

    /** How often that was tried since it is in use. */
    int tries;

    /** A write or force failed: what was not forced before is void. */
    boolean poisoned;

    /** Not freed in this run, whatever is live. */
    boolean kept;

    /** Open contents; guarded by the index' lock. */
    int readers;

    /**
     * Octets in other segments that are live because of this one, until it is free: the last settle
     * records of deliveries that are done and whose message was accepted here (docs/spool-format.md
     * section 6).
     */
    final Map<Segment, Long> holds = new LinkedHashMap<>();

    /** Those that must not be free before this one. */
    final Set<Segment> followers = new LinkedHashSet<>();

    /** Those of which this is a follower. */
    private final Set<Segment> leaders = new LinkedHashSet<>();

    /**
     * Where last settle records may lie that are nowhere else; the compactor's while it is used.
     */
    UncopiedParts uncopied = new UncopiedParts();

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
        endSequence = 0;
        uncopied = new UncopiedParts();
        triedAt = LONG_AGO;
        tries = 0;
    }

    /** Forgets what a checkpoint said of it. */
    void unused() {
        slot = 0;
        holds.clear();
        followers.clear();
        leaders.clear();
    }

    /** Octets of another segment are live because of this one. */
    void hold(Segment in, long octets) {
        if (in != this) {
            noteHeld(in, octets);
            in.liveOctets += octets;
        }
    }

    /** The same at a start, before {@link Ledger#countAll}. */
    void noteHeld(Segment in, long octets) {
        if (in != this) {
            holds.merge(in, octets, Long::sum);
        }
    }

    /** Octets of another segment that were live because of this one are somewhere else, too. */
    void letGo(Segment in) {
        Long octets = holds.remove(in);
        in.liveOctets -= octets == null ? 0 : octets;
    }

    /** Another segment must not be free before this one. */
    void precede(Segment next) {
        if (next != this && notePreceded(next)) {
            next.liveOctets += FOLLOWER_OCTETS;
        }
    }

    /** The same of another one at a start, before {@link Ledger#countAll}; false: known. */
    boolean notePreceded(Segment next) {
        next.leaders.add(this);
        return followers.add(next);
    }

    /** Emptying it would not make it free. */
    boolean isBound() {
        return kept || !leaders.isEmpty();
    }

    /** Nothing made it free so far, nor may be expected to. */
    boolean isStuck() {
        return kept || tries > 1 || leaders.stream().anyMatch(next -> next.kept || next.tries > 1);
    }

    /** This segment is free: so is what it kept. */
    void letGo() {
        holds.forEach((in, octets) -> in.liveOctets -= octets);
        holds.clear();
        for (Segment next : followers) {
            next.liveOctets -= FOLLOWER_OCTETS;
            next.leaders.remove(this);
        }
        followers.clear();
    }

    @Override
    public String toString() {
        return path.getFileName() + " (generation " + header.generation() + ")";
    }
}

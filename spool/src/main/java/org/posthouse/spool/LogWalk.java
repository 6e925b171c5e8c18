package org.posthouse.spool;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads the segments in use by rising generation, without changing anything.
 *
 * <p>While another process writes, three things could look like damage and are none. (1) A frame is
 * read over before it is written, and a later one that says it is forced is read afterwards: so
 * damage counts only if it is there in a second reading as well, and had been forced according to
 * the first. (2) A segment is freed, and used again, while it is read: its header is looked at
 * again afterwards. (3) The log goes on: the directory is looked at again until nothing new has
 * come and nothing has gone; for that only the last segment is read twice.
 */
final class LogWalk {
    private static final int ROUNDS_MAX = 20;

    private final SegmentLook look;
    private final ReadProgress progress;
    private final long forced;
    private final List<SegmentLook.Seen> slots = new ArrayList<>();
    private final Map<Long, Integer> slotsByGeneration = new HashMap<>();
    private long lastGeneration = -1;
    private long lastSequence;
    private long octetsRead;
    private boolean complete;

    /** Is given one segment after the other. */
    interface Visitor {
        /** A segment; again with what is new in it, if it was the last one while it grew. */
        void read(Reading reading) throws IOException;
    }

    /**
     * Makes one.
     *
     * @param forced all up to this sequence had been forced, as a checkpoint says; 0 without one
     */
    LogWalk(SegmentLook look, ReadProgress progress, long forced) {
        this.look = look;
        this.progress = progress;
        this.forced = forced;
    }

    /** Reads the segments that are wanted. */
    void run(SegmentLook.View first, Predicate<SegmentLook.Seen> wanted, Visitor visitor)
            throws IOException {
        List<SegmentLook.Seen> used = first.used();
        for (int round = 0; round < ROUNDS_MAX && !complete; round++) {
            if (round > 0) {
                used = look.view().used();
            }
            boolean moved = readAll(used, wanted, visitor);
            complete = !look.isLive() || !moved;
        }
    }

    /** False when the log was changed so quickly that its end was not reached. */
    boolean isComplete() {
        return complete;
    }

    /** The segment with a number. */
    SegmentLook.Seen segment(int slot) {
        return slots.get(slot - 1);
    }

    long octetsRead() {
        return octetsRead;
    }

    int slotCount() {
        return slots.size();
    }

    /** True when something new came, or something was gone. */
    private boolean readAll(
            List<SegmentLook.Seen> used, Predicate<SegmentLook.Seen> wanted, Visitor visitor)
            throws IOException {
        boolean moved = false;
        long octets = 0;
        for (SegmentLook.Seen seen : used) {
            octets += seen.generation() >= lastGeneration ? seen.fileOctets() : 0;
        }
        long of = octetsRead + octets;
        for (int i = 0; i < used.size(); i++) {
            SegmentLook.Seen seen = used.get(i);
            if (seen.generation() < lastGeneration) {
                continue;
            }
            moved |= seen.generation() > lastGeneration;
            lastGeneration = seen.generation();
            if (wanted.test(seen)) {
                moved |= !read(used, i, visitor);
            }
            octetsRead += seen.fileOctets();
            progress.read(octetsRead, of);
        }
        return moved;
    }

    /** Reads one; false when it is gone. */
    private boolean read(List<SegmentLook.Seen> used, int at, Visitor visitor) throws IOException {
        SegmentLook.Seen seen = used.get(at);
        long end = Long.MAX_VALUE;
        boolean adjoins = false;
        if (at + 1 < used.size()) {
            SegmentLook.Seen next = used.get(at + 1);
            end = next.header().firstSequence();
            adjoins = next.generation() == seen.generation() + 1;
        }
        Segment segment;
        try {
            segment = look.open(seen);
        } catch (NoSuchFileException e) {
            if (look.isLive()) {
                return false;
            }
            throw e;
        }
        try {
            long start = seen.header().firstSequence();
            var bounds = new TailRule.Bounds(start, end, adjoins, forced);
            return read(seen, segment, bounds, visitor);
        } finally {
            segment.file.close();
        }
    }

    private boolean read(
            SegmentLook.Seen seen, Segment segment, TailRule.Bounds bounds, Visitor visitor)
            throws IOException {
        List<SegmentScan.Found> found = SegmentScan.scan(segment, SegmentHeader.FRAMES_AT);
        TailRule.Judgement judgement = TailRule.judge(found, bounds);
        long confirmed = look.isLive() ? judgement.forced() : Long.MAX_VALUE;
        if (look.isLive() && judgement.damaged() > 0) {
            found = SegmentScan.scan(segment, SegmentHeader.FRAMES_AT);
            judgement = TailRule.judge(found, bounds);
        }
        if (look.isLive() && !look.isUnchanged(seen, segment.file)) {
            return false;
        }
        Reading reading =
                Reading.of(slotOf(seen), seen, found, judgement).within(lastSequence, confirmed);
        visitor.read(reading);
        lastSequence = reading.lastSequence(lastSequence);
        return true;
    }

    private int slotOf(SegmentLook.Seen seen) {
        return slotsByGeneration.computeIfAbsent(
                seen.generation(),
                generation -> {
                    slots.add(seen);
                    return slots.size();
                });
    }
}

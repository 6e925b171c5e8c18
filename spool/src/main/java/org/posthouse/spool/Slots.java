package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Small numbers for segments in use, so that a row of {@link DeliveryTable} can name one in 24
 * bits. A segment has its slot from its use to its release. Guarded by the lock of {@link Index}.
 */
final class Slots {
    private final List<@Nullable Segment> segments = new ArrayList<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();

    /** Released while {@link #hold} holds: given again only after {@link #letGo}. */
    private final ArrayDeque<Integer> heldBack = new ArrayDeque<>();

    private boolean holding;

    /** What each slot stands for, or stood for last. */
    private final List<Snapshot.InUse> uses = new ArrayList<>();

    Slots() {
        segments.add(null); // slot 0 is none
        uses.add(new Snapshot.InUse(0, 0));
    }

    /** Puts a segment where it was when a checkpoint was written; before any {@link #add}. */
    void restore(int slot, @Nullable Segment segment) {
        while (segments.size() <= slot) {
            segments.add(null);
            uses.add(new Snapshot.InUse(0, 0));
        }
        if (segment != null) {
            put(slot, segment);
        }
    }

    /** Slots that nothing was restored to may be given from now on. */
    void restored() {
        for (int slot = 1; slot < segments.size(); slot++) {
            if (segments.get(slot) == null) {
                free.add(slot);
            }
        }
    }

    private void put(int slot, Segment segment) {
        segments.set(slot, segment);
        uses.set(slot, new Snapshot.InUse(segment.number, segment.header.generation()));
        segment.slot = slot;
    }

    /** The segments by their generations, as they are now. */
    Map<Long, Segment> byGeneration() {
        Map<Long, Segment> all = new HashMap<>();
        for (Segment segment : segments) {
            if (segment != null) {
                all.put(segment.header.generation(), segment);
            }
        }
        return all;
    }

    /** True when the slot stands for a segment. */
    boolean isUsed(int slot) {
        return slot < segments.size() && segments.get(slot) != null;
    }

    /** By slot: what it stands for, or stood for last. */
    List<Snapshot.InUse> uses() {
        return List.copyOf(uses);
    }

    void add(Segment segment) {
        Integer slot = free.poll();
        if (slot == null) {
            slot = segments.size();
            segments.add(null);
            uses.add(new Snapshot.InUse(0, 0));
        }
        put(slot, segment);
    }

    void remove(Segment segment) {
        segments.set(segment.slot, null);
        (holding ? heldBack : free).add(segment.slot);
        segment.slot = 0;
    }

    Segment get(int slot) {
        return Objects.requireNonNull(segments.get(slot));
    }

    /** From now on no slot is used again: each stands for one segment. */
    void hold() {
        holding = true;
    }

    void letGo() {
        holding = false;
        free.addAll(heldBack);
        heldBack.clear();
    }
}

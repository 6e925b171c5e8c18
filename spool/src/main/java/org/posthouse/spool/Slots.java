package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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

    Slots() {
        segments.add(null); // slot 0 is none
    }

    void add(Segment segment) {
        Integer slot = free.poll();
        if (slot == null) {
            slot = segments.size();
            segments.add(segment);
        } else {
            segments.set(slot, segment);
        }
        segment.slot = slot;
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

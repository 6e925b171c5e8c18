package org.posthouse.spool;

import java.util.ArrayList;
import java.util.List;

/**
 * What a segment holds, frame by frame, each with what {@link TailRule} says of it, and the damage
 * between them, in the order of the file.
 *
 * @param slot a number for the segment, from 1
 */
record Reading(int slot, SegmentLook.Seen segment, List<Item> items) {
    /** A frame, or damage. */
    sealed interface Item {
        /** A frame with a good header. */
        record Judged(SegmentScan.Found frame, LogEntry.Verdict verdict) implements Item {}

        /** A damaged place. */
        record Damaged(DamageNote note) implements Item {}
    }

    /** Puts what was found and the judgement on it together. */
    static Reading of(
            int slot,
            SegmentLook.Seen segment,
            List<SegmentScan.Found> found,
            TailRule.Judgement judgement) {
        var sorting = new Sorting(segment, judgement);
        found.forEach(sorting::add);
        sorting.addMissing(judgement.next() - 1);
        return new Reading(slot, segment, sorting.items);
    }

    /**
     * The part behind a sequence, up to the first damage that reaches beyond another.
     *
     * @param after what was dealt with before
     * @param confirmed damage up to here is damage; what is missing behind it may be on its way
     */
    Reading within(long after, long confirmed) {
        List<Item> kept = new ArrayList<>(items.size());
        for (Item item : items) {
            switch (item) {
                case Item.Judged judged -> {
                    if (judged.frame.sequence() > after) {
                        kept.add(item);
                    }
                }
                case Item.Damaged(DamageNote note) -> {
                    if (note.lastSequence > confirmed) {
                        return new Reading(slot, segment, kept);
                    }
                    if (note.lastSequence > after) {
                        kept.add(item);
                    }
                }
            }
        }
        return new Reading(slot, segment, kept);
    }

    /** The last sequence that was dealt with here; {@code before} when there is none. */
    long lastSequence(long before) {
        long last = before;
        for (Item item : items) {
            last =
                    switch (item) {
                        case Item.Judged judged ->
                                judged.verdict == LogEntry.Verdict.CUT
                                        ? last
                                        : Math.max(last, judged.frame.sequence());
                        case Item.Damaged(DamageNote note) -> Math.max(last, note.lastSequence);
                    };
        }
        return last;
    }

    /** Walks the frames of a segment beside the lists of the judgement. */
    private static final class Sorting {
        private final SegmentLook.Seen segment;
        private final TailRule.Judgement judgement;
        private final List<Item> items = new ArrayList<>();
        private int goodCount;
        private int erasedCount;
        private long expected;
        private long end = SegmentHeader.FRAMES_AT;

        Sorting(SegmentLook.Seen segment, TailRule.Judgement judgement) {
            this.segment = segment;
            this.judgement = judgement;
            expected = segment.header().firstSequence();
        }

        void add(SegmentScan.Found frame) {
            if (isNext(judgement.good(), goodCount, frame)) {
                goodCount++;
                addMissing(frame.sequence() - 1);
                boolean forced = frame.sequence() <= judgement.forced();
                take(frame, forced ? LogEntry.Verdict.GOOD : LogEntry.Verdict.TAIL);
            } else if (isNext(judgement.erased(), erasedCount, frame)) {
                erasedCount++;
                items.add(new Item.Judged(frame, LogEntry.Verdict.CUT));
            } else if (frame.sequence() >= expected) {
                addMissing(frame.sequence() - 1);
                items.add(new Item.Damaged(payload(frame)));
                take(frame, LogEntry.Verdict.DAMAGED);
            } else {
                items.add(new Item.Judged(frame, LogEntry.Verdict.CUT));
            }
            end = frame.end();
        }

        private static boolean isNext(
                List<SegmentScan.Found> list, int at, SegmentScan.Found frame) {
            return at < list.size() && list.get(at).position() == frame.position();
        }

        private void take(SegmentScan.Found frame, LogEntry.Verdict verdict) {
            items.add(new Item.Judged(frame, verdict));
            expected = frame.sequence() + 1;
        }

        /** All up to here must have come. */
        void addMissing(long last) {
            if (last >= expected) {
                items.add(new Item.Damaged(missing(last)));
                expected = last + 1;
            }
        }

        private DamageNote missing(long last) {
            String which =
                    last == expected ? "frame " + last : "frames " + expected + " to " + last;
            return new DamageNote(
                    SpoolDamage.Kind.FRAMES,
                    segment,
                    end,
                    expected,
                    last,
                    which + " can't be read");
        }

        private DamageNote payload(SegmentScan.Found frame) {
            long sequence = frame.sequence();
            String what =
                    switch (frame.type()) {
                        case Frame.CHUNK -> "a chunk of content";
                        case Frame.COMMIT -> "a commit";
                        default -> "a frame of type " + frame.type();
                    };
            return new DamageNote(
                    SpoolDamage.Kind.PAYLOAD,
                    segment,
                    frame.position(),
                    sequence,
                    sequence,
                    "frame " + sequence + ", " + what + ", does not fit its checksum");
        }
    }
}

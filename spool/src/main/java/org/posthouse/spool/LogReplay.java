package org.posthouse.spool;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads commits in the order of the log, and puts messages together with their content. Of content
 * it keeps only places, and those only until the commit comes.
 */
final class LogReplay implements LogWalk.Visitor {
    private final Map<Long, ContentPlaces> contents = new HashMap<>();
    private final Events events;

    /** Where a record lies. */
    record RecordPlace(int slot, SegmentLook.Seen segment, SegmentScan.Found frame) {}

    /** What was read. */
    interface Events {
        /** An accept record, with its content as far as it was found. */
        void accepted(CommitRecords.Entry.Accepted entry, ContentPlaces content, RecordPlace place)
                throws IOException;

        /** A settle record. */
        default void settled(CommitRecords.Entry.Settled entry, RecordPlace place) {}

        /** Damage; if a frame is damaged, that frame comes next. */
        default void damaged(DamageNote note) {}

        /** A frame, after what is in it. */
        default void frame(Reading.Item.Judged judged, SegmentLook.Seen segment) {}
    }

    LogReplay(Events events) {
        this.events = events;
    }

    @Override
    public void read(Reading reading) throws IOException {
        for (Reading.Item item : reading.items()) {
            switch (item) {
                case Reading.Item.Damaged(DamageNote note) -> events.damaged(note);
                case Reading.Item.Judged judged -> {
                    read(reading, judged);
                    events.frame(judged, reading.segment());
                }
            }
        }
    }

    private void read(Reading reading, Reading.Item.Judged judged) throws IOException {
        SegmentScan.Found frame = judged.frame();
        switch (judged.verdict()) {
            case GOOD, TAIL -> {
                if (frame.type() == Frame.CHUNK) {
                    addChunk(reading.segment(), frame);
                } else if (frame.type() == Frame.COMMIT) {
                    apply(reading, frame);
                }
            }
            case DAMAGED -> {
                if (frame.type() == Frame.CHUNK) {
                    addChunk(reading.segment(), frame);
                }
            }
            case CUT -> {}
        }
    }

    private void addChunk(SegmentLook.Seen segment, SegmentScan.Found frame) {
        contents.computeIfAbsent(frame.id(), id -> new ContentPlaces()).put(segment, frame);
    }

    private void apply(Reading reading, SegmentScan.Found frame) throws IOException {
        RecordPlace place = new RecordPlace(reading.slot(), reading.segment(), frame);
        CommitRecords records = CommitRecords.of(frame);
        for (CommitRecords.Entry entry : records.entries()) {
            switch (entry) {
                case CommitRecords.Entry.Accepted accepted -> {
                    ContentPlaces content = contents.remove(accepted.contentId());
                    events.accepted(
                            accepted, content == null ? new ContentPlaces() : content, place);
                }
                case CommitRecords.Entry.Settled settled -> events.settled(settled, place);
            }
        }
        if (!records.problem().isEmpty()) {
            events.damaged(
                    new DamageNote(
                            SpoolDamage.Kind.RECORDS,
                            reading.segment(),
                            frame.position(),
                            frame.sequence(),
                            frame.sequence(),
                            "commit "
                                    + frame.sequence()
                                    + " makes no sense: "
                                    + records.problem()));
        }
    }
}

package org.posthouse.spool;

import org.posthouse.core.SpoolId;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Turns what a walk reads into entries, one after the other. */
final class LogListing implements LogWalk.Visitor {
    private final Consumer<LogEntry> consumer;
    private final Filter filter;
    private long lastGeneration = -1;

    /** Which frames and records are listed. */
    private interface Filter {
        boolean isWhole();

        boolean takesChunk(long contentId);

        boolean takes(CommitRecords.Entry entry);
    }

    /** All are. */
    private static final Filter ALL =
            new Filter() {
                @Override
                public boolean isWhole() {
                    return true;
                }

                @Override
                public boolean takesChunk(long contentId) {
                    return true;
                }

                @Override
                public boolean takes(CommitRecords.Entry entry) {
                    return true;
                }
            };

    /** Those of a message are. */
    private record OfMessage(long id, Set<Long> contentIds) implements Filter {
        @Override
        public boolean isWhole() {
            return false;
        }

        @Override
        public boolean takesChunk(long contentId) {
            return contentIds.contains(contentId);
        }

        @Override
        public boolean takes(CommitRecords.Entry entry) {
            return switch (entry) {
                case CommitRecords.Entry.Accepted accepted -> accepted.id() == id;
                case CommitRecords.Entry.Settled settled -> settled.record().message() == id;
            };
        }
    }

    /** All entries. */
    LogListing(Consumer<LogEntry> consumer) {
        this(consumer, ALL);
    }

    private LogListing(Consumer<LogEntry> consumer, Filter filter) {
        this.consumer = consumer;
        this.filter = filter;
    }

    /** Only those of a message. */
    LogListing only(SpoolId message, Set<Long> contentIds) {
        return new LogListing(consumer, new OfMessage(message.value(), contentIds));
    }

    static LogEntry.Segment head(SegmentLook.Seen seen) {
        SegmentHeader header = seen.header();
        return new LogEntry.Segment(
                seen.name(),
                seen.number(),
                seen.version(),
                header.bulk(),
                header.inUse(),
                header.generation(),
                header.epoch(),
                header.firstSequence(),
                header.lastId(),
                seen.fileOctets());
    }

    @Override
    public void read(Reading reading) {
        SegmentLook.Seen segment = reading.segment();
        if (filter.isWhole() && segment.generation() != lastGeneration) {
            consumer.accept(head(segment));
        }
        lastGeneration = segment.generation();
        for (Reading.Item item : reading.items()) {
            switch (item) {
                case Reading.Item.Judged judged -> list(segment, judged);
                case Reading.Item.Damaged(DamageNote note) -> {
                    if (filter.isWhole() && note.kind == SpoolDamage.Kind.FRAMES) {
                        consumer.accept(
                                new LogEntry.Missing(
                                        note.file,
                                        note.generation,
                                        note.position,
                                        note.firstSequence,
                                        note.lastSequence));
                    }
                }
            }
        }
    }

    private void list(SegmentLook.Seen segment, Reading.Item.Judged judged) {
        SegmentScan.Found frame = judged.frame();
        List<LogRecord> listed = new ArrayList<>();
        String problem = "";
        if (frame.type() == Frame.COMMIT) {
            CommitRecords records = CommitRecords.of(frame);
            problem = records.problem();
            for (CommitRecords.Entry entry : records.entries()) {
                if (filter.takes(entry)) {
                    listed.add(entry.toLogRecord());
                }
            }
        }
        boolean taken =
                filter.isWhole()
                        || !listed.isEmpty()
                        || (frame.type() == Frame.CHUNK && filter.takesChunk(frame.id()));
        if (taken) {
            consumer.accept(
                    new LogEntry.Frame(
                            segment.name(),
                            segment.generation(),
                            frame.position(),
                            frame.type(),
                            frame.sequence(),
                            frame.forced(),
                            frame.id(),
                            frame.number(),
                            frame.length(),
                            frame.whole(),
                            judged.verdict(),
                            listed,
                            problem));
        }
    }
}

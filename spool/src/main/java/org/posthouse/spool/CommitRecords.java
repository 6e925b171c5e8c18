package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of a commit, in order.
 *
 * @param problem what is wrong behind the last of them; empty when nothing is
 */
record CommitRecords(List<Entry> entries, String problem) {
    /** A record. */
    sealed interface Entry {
        /** The same for the outside. */
        LogRecord toLogRecord();

        /** A message was accepted. */
        record Accepted(long id, AcceptRecord record, int octets) implements Entry {
            /** What its chunks are marked with. */
            long contentId() {
                return record.contentId() == 0 ? id : record.contentId();
            }

            @Override
            public LogRecord toLogRecord() {
                AcceptRecord.Body body = record.body();
                List<LogRecord.Range> ranges = new ArrayList<>(body.ranges().size());
                for (AcceptRecord.Range range : body.ranges()) {
                    ranges.add(new LogRecord.Range(range.start(), range.octets()));
                }
                List<LogRecord.Run> runs = new ArrayList<>(body.bulk().size());
                for (BulkRun run : body.bulk()) {
                    runs.add(
                            new LogRecord.Run(
                                    BulkFiles.NAME.of(run.file()),
                                    run.generation(),
                                    run.position(),
                                    run.count()));
                }
                return new LogRecord.Accepted(
                        Arrival.stored(record, id),
                        record.notBefore(),
                        record.acceptId(),
                        record.movedFrom(),
                        new LogRecord.Layout(
                                contentId(),
                                body.chunkCount(),
                                body.chunkOctets(),
                                body.octets(),
                                record.prefix().octets().length,
                                ranges,
                                runs));
            }
        }

        /** A delivery's new state. */
        record Settled(SettleRecord record, int octets) implements Entry {
            @Override
            public LogRecord toLogRecord() {
                return new LogRecord.Settled(
                        new DeliveryId(new SpoolId(record.message()), record.delivery()),
                        record.acceptGeneration(),
                        record.open(),
                        record.progress());
            }
        }
    }

    /** Reads as many as make sense. */
    static CommitRecords of(SegmentScan.Found commit) {
        return of(commit.payload(), commit.id());
    }

    /**
     * Reads as many as make sense.
     *
     * @param firstId id of the first message
     */
    static CommitRecords of(byte[] payload, long firstId) {
        var records = new OctetReader(payload, 0, payload.length);
        List<Entry> entries = new ArrayList<>();
        long id = firstId;
        try {
            while (!records.isAtEnd()) {
                int start = records.position();
                switch (records.octet()) {
                    case AcceptRecord.KIND -> {
                        AcceptRecord record = AcceptRecord.read(records);
                        entries.add(new Entry.Accepted(id++, record, records.position() - start));
                    }
                    case SettleRecord.KIND -> {
                        SettleRecord record = SettleRecord.read(records);
                        entries.add(new Entry.Settled(record, records.position() - start));
                    }
                    default -> throw new OctetReader.Malformed("a record of an unknown kind");
                }
            }
        } catch (OctetReader.Malformed | IllegalArgumentException | DateTimeException e) {
            return new CommitRecords(entries, String.valueOf(e.getMessage()));
        }
        return new CommitRecords(entries, "");
    }

    /**
     * The messages that a damaged payload seems to have settle records of: as far as lengths lead
     * from one record to the next.
     */
    static List<Long> settledIds(byte[] payload) {
        var records = new OctetReader(payload, 0, payload.length);
        List<Long> ids = new ArrayList<>();
        try {
            while (!records.isAtEnd()) {
                int kind = records.octet();
                int end = records.count(1) + records.position();
                if (kind == SettleRecord.KIND) {
                    ids.add(records.longNumber());
                }
                records.moveTo(end);
            }
        } catch (OctetReader.Malformed e) {
            return ids;
        }
        return ids;
    }

    /** The accept record of a message; null when it is not here. */
    Entry.@Nullable Accepted accepted(long id) {
        for (Entry entry : entries) {
            if (entry instanceof Entry.Accepted accepted && accepted.id == id) {
                return accepted;
            }
        }
        return null;
    }
}

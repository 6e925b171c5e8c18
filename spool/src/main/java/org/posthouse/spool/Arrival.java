package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.List;

/** An acceptance made ready for the committer by the session's thread. */
final class Arrival {
    final LogSink sink;
    final AcceptRecord record;

    /** The content; empty when it lies in bulk segments. */
    final List<Part> chunks;

    private final @Nullable BytesContent content;

    /** Where the record lies in the commit's payload. */
    int recordOffset;

    int recordOctets;

    /** For the nth message of a commit. */
    Arrival(Acceptance acceptance, LogSink sink, Instant now, int message) {
        this.sink = sink;
        chunks = sink.chunks(message);
        content = sink.inMemory(acceptance.prefix());
        record =
                new AcceptRecord(
                        Instant.ofEpochMilli(now.toEpochMilli()),
                        acceptance.notBefore(),
                        acceptance.expiresAt(),
                        acceptance.acceptId(),
                        sink.contentId(),
                        0,
                        sink.body(),
                        new AcceptRecord.Prefix(acceptance.prefix()),
                        acceptance.origin(),
                        acceptance.envelope(),
                        acceptance.dispositions());
    }

    /** The message that it became. */
    Arrived arrived(long id) {
        return record.arrived(id, recordOctets);
    }

    /** Its content lies in bulk segments. */
    boolean isBulk() {
        return record.contentId() != 0;
    }

    /** What the first attempt will want; none of a content of more than a chunk. */
    ContentCache.@Nullable Cached cached(long id) {
        return content == null
                ? null
                : new ContentCache.Cached(stored(record, id), record, content);
    }

    static StoredMessage stored(AcceptRecord record, long id) {
        return new StoredMessage(
                new SpoolId(id),
                record.acceptedAt(),
                record.origin(),
                record.envelope(),
                record.dispositions(),
                record.notBefore(),
                record.expiresAt(),
                record.messageOctets());
    }

    /** All of them written into one commit. */
    static void write(List<Arrival> arrivals, OctetWriter records) {
        for (Arrival arrival : arrivals) {
            arrival.recordOffset = records.count();
            arrival.record.write(records);
            arrival.recordOctets = records.count() - arrival.recordOffset;
        }
    }
}

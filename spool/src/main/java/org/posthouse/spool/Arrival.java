package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** An acceptance made ready for the committer by the session's thread. */
final class Arrival {
    final LogSink sink;
    final AcceptRecord record;

    /** The rest of the content that was not handed over before; none when it is empty. */
    final @Nullable Part tail;

    private final BytesContent content;

    /** Where the record lies in the commit's payload. */
    int recordOffset;

    int recordOctets;

    /** For the nth message of a commit. */
    Arrival(Acceptance acceptance, LogSink sink, Instant now, int message) {
        this.sink = sink;
        tail = sink.tail(message);
        content = sink.inMemory(acceptance.prefix());
        record =
                new AcceptRecord(
                        Instant.ofEpochMilli(now.toEpochMilli()),
                        acceptance.notBefore(),
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

    /** All of the content is in one chunk of this commit. */
    boolean isSingle() {
        return tail != null && !isStreamed();
    }

    /** The content was handed over in chunks. */
    boolean isStreamed() {
        return record.contentId() != 0;
    }

    /** Where the chunk of this commit went. */
    long chunkPosition() {
        return Objects.requireNonNull(tail).position;
    }

    /** What the first attempt will want; none when the content went to disk before. */
    ContentCache.@Nullable Cached cached(long id) {
        if (record.contentId() != 0) {
            return null;
        }
        return new ContentCache.Cached(stored(record, id), record, content);
    }

    static StoredMessage stored(AcceptRecord record, long id) {
        return new StoredMessage(
                new SpoolId(id),
                record.acceptedAt(),
                record.origin(),
                record.envelope(),
                record.dispositions(),
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

package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Empties sparse bulk segments: what is live in one is written again to the active one and forced,
 * and then the message's records are moved by way of the committer, so that the old octets are dead
 * (docs/spool-format.md section 10). The compactor's.
 */
final class BulkMover {
    private static final Logger LOG = System.getLogger(BulkMover.class.getName());

    private final Index index;
    private final Inbox inbox;
    private final BulkFiles files;
    private final TimeSource time;
    private final Sparseness sparseness;
    private final MessageCopier copier;

    /** Of what was written since the last choice: copies. */
    private long copiedOctets;

    BulkMover(Index index, Inbox inbox, BulkFiles files, TimeSource time) {
        this.index = index;
        this.inbox = inbox;
        this.files = files;
        this.time = time;
        sparseness = new Sparseness(files.segmentOctets(), files.left().size());
        copier = new MessageCopier(index);
    }

    /** Empties those that are worth it, until something can't be written. */
    void run(BooleanSupplier stops) {
        boolean isWritten = true;
        while (isWritten && !stops.getAsBoolean()) {
            BulkSegment sparse = choose();
            if (sparse == null) {
                return;
            }
            isWritten = empty(sparse, stops);
        }
    }

    private @Nullable BulkSegment choose() {
        sparseness.written(files.takeWritten() - copiedOctets);
        copiedOctets = 0;
        index.lock.lock();
        try {
            return sparseness.choose(files.left(), false, time.nanos());
        } finally {
            index.lock.unlock();
        }
    }

    /** False when a copy could not be written: the next one could not, either. */
    private boolean empty(BulkSegment sparse, BooleanSupplier stops) {
        int moved = 0;
        try {
            for (long id : messages(sparse)) {
                if (stops.getAsBoolean()) {
                    break;
                }
                moved += move(id, sparse) ? 1 : 0;
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, sparse + " can't be emptied", e);
            return false;
        }
        LOG.log(Level.DEBUG, "{0}: {1} contents were moved", sparse, moved);
        return true;
    }

    /** Those with content in a segment. */
    private List<Long> messages(BulkSegment segment) {
        index.lock.lock();
        try {
            return index.bulk.entrySet().stream()
                    .filter(entry -> entry.getValue().isIn(segment))
                    .map(entry -> entry.getKey())
                    .toList();
        } finally {
            index.lock.unlock();
        }
    }

    /** Moves what a message has in a segment; false when it is being settled or was changed. */
    private boolean move(long id, BulkSegment from) throws IOException {
        MessageCopier.Taken taken = take(id);
        if (taken == null) {
            return false;
        }
        try {
            AcceptRecord record = copier.reader().record(taken.extent());
            BulkWriter writer = files.writer(record.contentId(), record.body().chunkOctets());
            try {
                return move(taken, record, copy(taken, from, writer));
            } finally {
                writer.release();
            }
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "message " + new SpoolId(id) + " can't be read", e);
            return false;
        } finally {
            copier.release(taken);
        }
    }

    private MessageCopier.@Nullable Taken take(long id) {
        index.lock.lock();
        try {
            DeliveryRow row = index.row(id);
            ChunkList chunks = index.bulk.get(id);
            if (row == null || chunks == null) {
                return null;
            }
            Segment accepted = index.slots.get(row.acceptSlot());
            return copier.take(new Extent(id, accepted, row.acceptPosition(), chunks));
        } finally {
            index.lock.unlock();
        }
    }

    /** Where the content lies, once what it has in a segment has been copied and forced. */
    private ChunkList copy(MessageCopier.Taken taken, BulkSegment from, BulkWriter writer)
            throws IOException {
        ChunkList before = taken.extent().chunks();
        for (int number = 0; number < before.count(); number++) {
            if (before.segment(number) == from) {
                byte[] octets = copier.reader().chunk(before, writer.contentId, number);
                int length = octets.length - Frame.HEADER_OCTETS;
                require(writer.startAt(number));
                require(writer.write(octets, Frame.HEADER_OCTETS, length));
                copiedOctets += octets.length;
            }
        }
        require(writer.finish());
        var after = new ChunkList();
        int copied = 0;
        for (int number = 0; number < before.count(); number++) {
            boolean isCopied = before.segment(number) == from;
            ChunkList in = isCopied ? writer.chunks : before;
            int at = isCopied ? copied++ : number;
            after.add(in.segment(at), in.position(at), in.length(at));
        }
        return after;
    }

    private static void require(@Nullable Outcome failure) throws IOException {
        if (failure != null) {
            throw new IOException("its copy can't be written: " + failure);
        }
    }

    private boolean move(MessageCopier.Taken taken, AcceptRecord record, ChunkList chunks)
            throws IOException {
        Segment accepted = taken.extent().segment();
        long generation = accepted.header.generation();
        Move.Message message =
                copier.copy(
                        taken,
                        record.moved(generation, record.body().at(chunks)),
                        new Move.Copied(List.of(), chunks));
        if (!copier.mark(taken)) {
            return false;
        }
        var item = new MoveItem(accepted, List.of(message), null);
        Outcome outcome = inbox.offer(item) ? item.await() : Outcome.UNAVAILABLE;
        if (outcome != Outcome.DONE) {
            copier.abandon(item.moves);
            throw new IOException("its records can't be written: " + outcome);
        }
        return true;
    }
}

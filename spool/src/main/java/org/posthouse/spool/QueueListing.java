package org.posthouse.spool;

import java.io.IOException;

/**
 * Gives out all queued messages. The log is read twice: first to know what is queued, then to find
 * the content of that; so nothing but the rows is kept.
 */
final class QueueListing {
    private final SegmentLook look;
    private final long forced;
    private final LogInspector.MessageConsumer consumer;
    private final QueueState state = new QueueState(id -> true);

    QueueListing(SegmentLook look, long forced, LogInspector.MessageConsumer consumer) {
        this.look = look;
        this.forced = forced;
        this.consumer = consumer;
    }

    /** The consumer's own failure, told apart from those of the spool. */
    static final class ConsumerFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final IOException failure;

        ConsumerFailed(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        IOException failure() {
            return failure;
        }
    }

    void run(SegmentLook.View first, ReadProgress progress) throws IOException {
        LogWalk walk = new LogWalk(look, (octets, of) -> progress.read(octets, 2 * of), forced);
        walk.run(first, seen -> true, new LogReplay(state));
        LogWalk second =
                new LogWalk(look, (octets, of) -> progress.read(of + octets, 2 * of), forced);
        MessageReader reader = new MessageReader(look, state, walk);
        LogReplay.Events events =
                (entry, content, place) -> {
                    DeliveryRow row = state.table().ceiling(entry.id(), 0);
                    if (row != null && row.id() == entry.id() && isPlace(walk, row, place)) {
                        give(reader, entry, content);
                    }
                };
        second.run(first, seen -> true, new LogReplay(events));
    }

    /** False for a record that a later one of the same message replaces. */
    private static boolean isPlace(LogWalk walk, DeliveryRow row, LogReplay.RecordPlace place) {
        return row.acceptPosition() == place.frame().position()
                && walk.segment(row.acceptSlot()).generation() == place.segment().generation();
    }

    private void give(
            MessageReader reader, CommitRecords.Entry.Accepted entry, ContentPlaces content)
            throws IOException {
        InspectedMessage message;
        try {
            message = reader.message(entry, content);
        } catch (IOException e) {
            if (look.isLive()) {
                return; // done a moment ago, and its last state gone
            }
            throw e;
        }
        try {
            consumer.accept(message);
        } catch (IOException e) {
            throw new ConsumerFailed(e);
        }
    }
}

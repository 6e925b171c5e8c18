package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Puts a message together from its accept record and the rows of its deliveries. */
final class MessageReader {
    private final SegmentLook look;
    private final QueueState state;

    /** The walk that filled the state; its slots are those of the rows. */
    private final LogWalk walk;

    private SegmentLook.@Nullable View view;

    MessageReader(SegmentLook look, QueueState state, LogWalk walk) {
        this.look = look;
        this.state = state;
        this.walk = walk;
    }

    /**
     * A queued message.
     *
     * @param content where its content lies, if that is in the log
     */
    InspectedMessage message(CommitRecords.Entry.Accepted entry, ContentPlaces content)
            throws IOException {
        AcceptRecord record = entry.record();
        List<Grouping.Group> groups = Grouping.of(record.envelope(), record.dispositions());
        List<InspectedDelivery> deliveries = new ArrayList<>(groups.size());
        for (int number = 0; number < groups.size(); number++) {
            deliveries.add(delivery(entry, number, groups.get(number)));
        }
        boolean isBulk = !record.body().bulk().isEmpty();
        return new InspectedMessage(
                Arrival.stored(record, entry.id()),
                record,
                deliveries,
                isBulk ? ContentPlaces.inBulk(record.body(), view()) : content,
                look);
    }

    /** The bulk segments as they are now. */
    private SegmentLook.View view() throws IOException {
        SegmentLook.View now = view;
        if (now == null || look.isLive()) {
            now = look.view();
            view = now;
        }
        return now;
    }

    private InspectedDelivery delivery(
            CommitRecords.Entry.Accepted entry, int number, Grouping.Group group)
            throws IOException {
        DeliveryRow row = state.table().find(entry.id(), number);
        List<Integer> open = List.of();
        Progress progress = Progress.fresh(entry.record().dueAt());
        if (row != null && row.stateSlot() == 0) {
            open = group.recipients();
        } else if (row != null) {
            SettleRecord last = settled(row);
            open = last.open();
            progress = last.progress();
        }
        return new InspectedDelivery(
                new DeliveryId(new SpoolId(entry.id()), number),
                group.domain(),
                group.local(),
                group.recipients(),
                open,
                progress);
    }

    /** The last state of a delivery. */
    private SettleRecord settled(DeliveryRow row) throws IOException {
        SegmentLook.Seen segment = walk.segment(row.stateSlot());
        try (FrameSource frames = new FrameSource(look)) {
            SettleRecord found = null;
            for (CommitRecords.Entry entry :
                    frames.commit(segment, row.statePosition()).entries()) {
                if (entry instanceof CommitRecords.Entry.Settled(SettleRecord record, int octets)
                        && record.message() == row.id()
                        && record.delivery() == row.number()) {
                    found = record;
                }
            }
            if (found == null) {
                throw new IOException(segment.name() + " has changed meanwhile");
            }
            return found;
        }
    }
}

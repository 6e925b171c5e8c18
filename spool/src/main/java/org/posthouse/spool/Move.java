package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Something live that was copied out of a segment, to be written again elsewhere. */
sealed interface Move {
    /**
     * A message: its content, its accept record, and the state of each of its deliveries that is
     * not fresh.
     *
     * @param deliveries its rows as they were when they were read
     */
    record Message(long id, List<Delivery> deliveries, Copied content, Part commit)
            implements Move {
        public Message {
            deliveries = List.copyOf(deliveries);
        }

        /** Chunks of content in the log. */
        List<Part> chunks() {
            return content.chunks;
        }
    }

    /**
     * What was copied of a message's content.
     *
     * @param chunks in the log
     * @param bulk where the content lies in bulk segments from then on; null: where it was
     */
    record Copied(List<Part> chunks, @Nullable ChunkList bulk) {
        public Copied {
            chunks = List.copyOf(chunks);
        }
    }

    /**
     * A delivery that is not done.
     *
     * @param from segment of its state record; null: its state is still that of the accept record
     * @param position of the frame with the state record
     * @param octets what the copy of the state record counts
     */
    record Delivery(int number, @Nullable Segment from, long position, int octets) {
        boolean isOf(DeliveryRow row) {
            int slot = from == null ? 0 : from.slot;
            return row.number() == number
                    && row.stateSlot() == slot
                    && (slot == 0 || row.statePosition() == position);
        }
    }

    /** The state record of a delivery whose message stays where it is. */
    record State(long id, int number, int octets) implements Move {}

    /**
     * The last record of a delivery that is done, needed as long as its message's accept record is.
     *
     * @param accepted the segment of that
     * @param generation its generation
     */
    record Tombstone(Segment accepted, long generation, int octets) implements Move {}
}

package org.posthouse.spool;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.List;

/**
 * A record of a commit.
 *
 * @since 0.1
 */
public sealed interface LogRecord {
    /** The message it is about. */
    SpoolId id();

    /**
     * A message was accepted.
     *
     * @param message what was accepted
     * @param notBefore no attempt before this instant
     * @param acceptId the name the acceptor gave it; empty when none
     * @param movedFrom generation of the segment from which the record was moved; 0: never moved
     * @param content how its content is stored
     */
    record Accepted(
            StoredMessage message,
            Instant notBefore,
            String acceptId,
            long movedFrom,
            Layout content)
            implements LogRecord {
        @Override
        public SpoolId id() {
            return message.id();
        }
    }

    /**
     * A delivery has a new state, whole.
     *
     * @param delivery which
     * @param acceptGeneration generation of the segment with the message's accept record; 0: it is
     *     in the same commit
     * @param openRecipients positions in the envelope of those not done; empty: the delivery is
     *     done
     * @param progress how far it has come; says nothing when it is done
     */
    record Settled(
            DeliveryId delivery,
            long acceptGeneration,
            List<Integer> openRecipients,
            Progress progress)
            implements LogRecord {
        /** Copies the list. */
        public Settled {
            openRecipients = List.copyOf(openRecipients);
        }

        @Override
        public SpoolId id() {
            return delivery.message();
        }

        /** True when nobody is left. */
        public boolean isDone() {
            return openRecipients.isEmpty();
        }
    }

    /**
     * How a content is stored.
     *
     * @param id that its chunks bear
     * @param chunkCount how many chunks
     * @param chunkOctets length of all but the last
     * @param octets of all chunks
     * @param prefixOctets octets that go before it and lie in the record itself
     * @param ranges which octets of it count
     * @param bulk where its chunks lie, in order; empty: in the log
     */
    record Layout(
            long id,
            int chunkCount,
            int chunkOctets,
            long octets,
            int prefixOctets,
            List<Range> ranges,
            List<Run> bulk) {
        /** Copies the lists. */
        public Layout {
            ranges = List.copyOf(ranges);
            bulk = List.copyOf(bulk);
        }
    }

    /**
     * Chunks that follow each other in a bulk segment.
     *
     * @param file its name
     * @param generation of the segment
     * @param position of the first
     * @param chunkCount how many
     */
    record Run(String file, long generation, long position, int chunkCount) {}

    /** Octets of a content from a start. */
    record Range(long start, long octets) {}
}

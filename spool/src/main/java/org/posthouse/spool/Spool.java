package org.posthouse.spool;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The durable place of accepted messages. Calls block; nothing is called back. A message is in it
 * from the return of {@link #accept} until its last delivery is settled.
 *
 * @since 0.1
 */
public interface Spool extends AutoCloseable {
    /** What this spool promises and can do. */
    Capabilities capabilities();

    /** A place for the content of one message, to be filled while it arrives. */
    ContentSink openContent();

    /**
     * Takes responsibility. When this returns {@link AcceptResult.Accepted}, message and content
     * are durable as configured: only now may 250 be said. An accept id that was seen before
     * returns the same message again and stores nothing: as long as the message is here, and for a
     * day behind its end, then the last 100,000 of them.
     */
    AcceptResult accept(Acceptance acceptance);

    /**
     * Deliveries that this process owns, that are not given out, not held, and whose time has come:
     * arrivals, what is due or to be looked at ({@link Progress#wakeAt}), and what was given back
     * for now. They are then given out: nobody gets them again before {@link #giveBack}. What has
     * just arrived comes in the order of ids; the rest roughly in the order of its instants. Waits
     * until there is at least one, or the deadline.
     *
     * @return at most {@code max}, empty at the deadline or once the spool is closed
     * @throws InterruptedException when the thread is interrupted
     */
    List<QueuedDelivery> take(int max, Deadline until) throws InterruptedException;

    /**
     * A delivery that was given out is not any more: {@link #take} gives it again at the instant,
     * unless it is held. Not stored: after a restart, the stored instants count. Nothing happens
     * when it is done meanwhile.
     */
    void giveBack(DeliveryId id, Instant wakeAt);

    /**
     * Takes one delivery, due or not, held or not; it is then given out.
     *
     * @return empty when it is done, given out already, or being settled
     */
    Optional<QueuedDelivery> claim(DeliveryId id);

    /**
     * Records what became of deliveries that were given out, all in one commit: durable on return,
     * or not at all. Those not done stay given out. A settlement made under an old epoch is
     * refused, as is one of a delivery that is done or not given out, and one with a report whose
     * sink has failed: such a report must be made again. So are more of them than one commit takes:
     * fewer at a time then.
     *
     * @return true when durable. False when it could not be stored (disk full or failed): nothing
     *     changed, and the same settlements may be given again
     * @throws IllegalStateException when a settlement is refused
     */
    boolean settle(List<Settlement> settlements);

    /**
     * The stored facts of a message, read again when a delivery is due.
     *
     * @throws java.util.NoSuchElementException when no such message is here
     */
    StoredMessage message(SpoolId id);

    /**
     * The stored state of a delivery.
     *
     * @throws java.util.NoSuchElementException when no such delivery is here, or it is done
     */
    StoredDelivery delivery(DeliveryId id);

    /**
     * The content, prefix included; stays readable until closed, even if the message is settled
     * meanwhile.
     *
     * @throws java.util.NoSuchElementException when no such message is here
     */
    Content content(SpoolId id);

    /** The queue's view. */
    SpoolAdmin admin();

    /** Stops taking, finishes what is being forced, closes files. Sinks still open are dropped. */
    @Override
    void close();

    /** True for a delivery that is here and not done. */
    default boolean contains(DeliveryId id) {
        return admin().find(id).isPresent();
    }
}

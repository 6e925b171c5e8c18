package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.spool.Progress;
import org.posthouse.spool.QueuedDelivery;

import java.util.List;

/**
 * One delivery as the scheduler sees it; guarded by the dispatcher's lock, but for the facts of its
 * attempt, which the thread that runs it reads.
 *
 * <pre>
 * state     | means                                  | next
 * ----------+----------------------------------------+------------------------------------------
 * WAITING   | in the heap, until it is due           | ACTIVE, HELD, SETTLING (removed), GONE
 * HELD      | no attempt until released              | WAITING, SETTLING (removed)
 * ACTIVE    | routed, at a site or being attempted   | SETTLING, PARKED, WAITING
 * PARKED    | at a site that can't be reached        | WAITING, SETTLING (removed), HELD
 * SETTLING  | its outcome is being made durable      | WAITING, HELD, GONE
 * GONE      | done                                   |
 * </pre>
 */
final class Delivery {
    /** The states. */
    enum State {
        WAITING,
        HELD,
        ACTIVE,
        PARKED,
        SETTLING,
        GONE
    }

    private final DeliveryId id;
    private final long epoch;
    private final String domain;
    private final boolean local;
    private final long octets;
    private List<Integer> openRecipients;
    private Progress progress;
    private State state = State.WAITING;
    private long acceptedAtMillis;
    private long dueMillis;
    private int stamp;
    private @Nullable Site unreachable;

    Delivery(QueuedDelivery queued) {
        id = queued.id();
        epoch = queued.epoch();
        domain = queued.domain();
        local = queued.local();
        octets = queued.octets();
        openRecipients = queued.openRecipients();
        progress = queued.progress();
    }

    DeliveryId id() {
        return id;
    }

    long epoch() {
        return epoch;
    }

    boolean isLocal() {
        return local;
    }

    List<Integer> openRecipients() {
        return openRecipients;
    }

    Progress progress() {
        return progress;
    }

    State state() {
        return state;
    }

    /** No attempt before this instant, in milliseconds of the wall clock. */
    long dueMillis() {
        return dueMillis;
    }

    /** When the message was accepted; 0 as long as it was not read. */
    long acceptedAtMillis() {
        return acceptedAtMillis;
    }

    void acceptedAt(long millis) {
        acceptedAtMillis = millis;
    }

    /** Number of the next attempt, from 1. */
    int attempt() {
        return progress.attempts() + 1;
    }

    /** Changes when it is scheduled anew, so that older alarms mean nothing. */
    int stamp() {
        return stamp;
    }

    void enter(State next) {
        state = next;
        stamp++;
    }

    void due(long millis) {
        dueMillis = millis;
    }

    /** The site that could not be reached by its last attempt; null for another outcome. */
    @Nullable Site unreachable() {
        return unreachable;
    }

    void unreachable(@Nullable Site site) {
        unreachable = site;
    }

    /** What was made durable. */
    void settled(List<Integer> open, Progress now) {
        openRecipients = open;
        progress = now;
    }

    /** Changes what is not worth a commit of its own. */
    void progress(Progress now) {
        progress = now;
    }

    QueuedDelivery queued() {
        return new QueuedDelivery(id, epoch, domain, local, openRecipients, progress, octets);
    }

    @Override
    public String toString() {
        return id + " " + state;
    }
}

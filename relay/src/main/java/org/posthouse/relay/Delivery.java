package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;
import org.posthouse.spool.QueuedDelivery;

/**
 * One delivery that the spool gave out, as long as we have it. What waits is in the spool and has
 * no object here. Guarded by the dispatcher's lock, but for the facts of its attempt, which the
 * thread that runs it reads.
 *
 * <pre>
 * state    | means                                        | next
 * ---------+----------------------------------------------+----------------------------
 * (spool)  | waits for an instant, or is held             | ACTIVE (taken), GONE (removed)
 * ACTIVE   | being read and routed, at a site, attempted  | SETTLING, BACK
 * SETTLING | its outcome is being made durable            | BACK, GONE
 * BACK     | given back: in the spool again               |
 * GONE     | done                                         |
 * </pre>
 *
 * BACK and GONE are final, and entered once, by {@link OutSet#leave}; the next time it is taken
 * there is another object. Who gives back, and until when:
 *
 * <pre>
 * it was                                  | until
 * ----------------------------------------+-------------------------------------------------
 * taken before it is due or to be looked  | that instant (idle wait and a spread backlog at the
 * at                                      | start, too)
 * taken while its site can't be reached,  | the next probe and a spread, but not beyond the
 * or routed there (parked)                | instant to warn or to expire at
 * for a site with too long a queue        | soon, in turn
 * deferred, durably                       | Progress.wakeAt; with an unreachable site: as parked
 * not readable                            | a minute from now
 * not settled, since the spool refuses    | a quarter of an hour from now
 * not settled at the end, cut untouched,  | as it came: due, or to be looked at
 * or still here when all threads ended    |
 * claimed by its operator                 | now (retry, release), or as it came; held: nothing
 * </pre>
 *
 * Parked deliveries are woken earlier when their site works again, see {@link Parking}.
 */
final class Delivery {
    /** The states. */
    enum State {
        ACTIVE,
        SETTLING,
        BACK,
        GONE
    }

    private final QueuedDelivery queued;
    private final long dueMillis;
    private final boolean early;
    private long lookMillis;
    private boolean probes;
    private State state = State.ACTIVE;
    private @Nullable Site unreachable;

    /**
     * One that was taken.
     *
     * @param early true when it was taken to be looked at although it is not due
     * @param probes true when its operator wants it tried even if its site can't be reached
     */
    Delivery(Arrival arrival, boolean early, boolean probes) {
        queued = arrival.queued();
        dueMillis = arrival.dueMillis();
        lookMillis = arrival.lookMillis();
        this.early = early;
        this.probes = probes;
    }

    DeliveryId id() {
        return queued.id();
    }

    /** When its message was accepted, or nearly so; in milliseconds of the wall clock. */
    long givenMillis() {
        return Timetable.givenMillis(queued.id());
    }

    long epoch() {
        return queued.epoch();
    }

    String domain() {
        return queued.domain();
    }

    State state() {
        return state;
    }

    void enter(State next) {
        state = next;
    }

    /** No attempt before this instant, in milliseconds of the wall clock. */
    long dueMillis() {
        return dueMillis;
    }

    /** It was taken to be looked at although it is not due. */
    boolean isEarly() {
        return early;
    }

    /** To be looked at: to warn or to expire. */
    long lookMillis() {
        return lookMillis;
    }

    void look(long millis) {
        lookMillis = millis;
    }

    /** When it wants to come again if nothing becomes of it now. */
    long wakeMillis() {
        return Math.min(dueMillis, lookMillis);
    }

    /** True, once, when its site is to be tried whatever is known of it. */
    boolean takeProbe() {
        boolean was = probes;
        probes = false;
        return was;
    }

    /** The site that could not be reached by its last attempt; null for another outcome. */
    @Nullable Site unreachable() {
        return unreachable;
    }

    void unreachable(@Nullable Site site) {
        unreachable = site;
    }

    @Override
    public String toString() {
        return id() + " " + state;
    }
}

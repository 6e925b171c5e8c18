package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Reply;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A next hop with what waits for it: groups to attempt, deliveries parked while it can't be
 * reached, and the workers that have, or open, a connection to it. Guarded by the dispatcher's
 * lock.
 */
final class Site {
    private static final long LIMIT_HOLD_MILLIS = Duration.ofSeconds(60).toMillis();
    private static final long REMEMBERED_MILLIS = Duration.ofHours(1).toMillis();
    private static final Reply NOT_TRIED = Reply.of(450, "4.4.1", "the host can't be reached");

    private final String key;
    private final int groupsPerWorker;
    private final SiteCircuit circuit = new SiteCircuit();
    private final Deque<Attempt.Group> queue = new ArrayDeque<>();
    private final Set<Delivery> parked = new LinkedHashSet<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private int connectionsMax;
    private int workers;
    private int established;
    private int limit = Integer.MAX_VALUE;
    private long limitUntilMillis;
    private Reply lastReply = NOT_TRIED;
    private boolean armed;
    private long armedAtMillis;

    /**
     * A site.
     *
     * @param groupsPerWorker another connection is opened when more than this wait for each
     */
    Site(String key, int groupsPerWorker) {
        this.key = key;
        this.groupsPerWorker = groupsPerWorker;
    }

    String key() {
        return key;
    }

    SiteCircuit circuit() {
        return circuit;
    }

    boolean isStore() {
        return key.equals(Hop.Store.HERE.site());
    }

    void connectionsMax(int most) {
        connectionsMax = Math.max(1, most);
    }

    Deque<Attempt.Group> queue() {
        return queue;
    }

    Set<Delivery> parked() {
        return parked;
    }

    Deque<Worker> idle() {
        return idle;
    }

    /** What the site said last, or what happened there. */
    Reply lastReply() {
        return lastReply;
    }

    void lastReply(Reply reply) {
        lastReply = reply;
    }

    /** True when a group may stand in the queue; otherwise its delivery is parked. */
    boolean isOpenFor(long nowMillis) {
        circuit.tick(nowMillis);
        if (circuit.isClosed()) {
            return true;
        }
        return !circuit.isOpen() && workers == 0 && queue.isEmpty();
    }

    /** True when one more worker is wanted for what waits. */
    boolean wantsWorker(long nowMillis) {
        if (queue.isEmpty() || workers >= connectionsMax || !idle.isEmpty()) {
            return false;
        }
        if (workers >= limit && nowMillis < limitUntilMillis) {
            return false;
        }
        return workers == 0
                || (circuit.isClosed() && (long) workers * groupsPerWorker < queue.size());
    }

    void workerStarted() {
        workers++;
    }

    void workerEnded() {
        workers--;
    }

    int workers() {
        return workers;
    }

    void connected() {
        established++;
    }

    void disconnected() {
        established--;
    }

    /** Connections that stand. */
    int established() {
        return established;
    }

    /** The host takes no more connections than there are: none is added for a while. */
    void limited(long nowMillis) {
        limit = Math.max(1, established);
        limitUntilMillis = nowMillis + LIMIT_HOLD_MILLIS;
    }

    /** How many parked deliveries to let go now: as many as keep the connections busy. */
    int releasable() {
        if (parked.isEmpty() || !circuit.isClosed()) {
            return 0;
        }
        return Math.max(0, 2 * groupsPerWorker * Math.max(1, workers) - queue.size());
    }

    @Nullable Delivery oldestParked() {
        return parked.isEmpty() ? null : parked.iterator().next();
    }

    /** An alarm is set for it. */
    boolean isArmed() {
        return armed;
    }

    long armedAtMillis() {
        return armedAtMillis;
    }

    void arm(long atMillis) {
        armed = true;
        armedAtMillis = atMillis;
    }

    void disarm() {
        armed = false;
    }

    /** Takes all waiting groups out. */
    List<Attempt.Group> clearQueue() {
        List<Attempt.Group> groups = List.copyOf(queue);
        queue.clear();
        return groups;
    }

    /** Nothing waits, nothing runs, and nothing is remembered. */
    boolean isForgettable(long nowMillis) {
        return workers == 0
                && queue.isEmpty()
                && parked.isEmpty()
                && (circuit.isClosed() || circuit.untilMillis() + REMEMBERED_MILLIS < nowMillis);
    }
}

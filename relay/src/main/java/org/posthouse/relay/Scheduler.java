package org.posthouse.relay;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.DeliveryId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Which delivery next: all that are not done, those that wait in the order in which they are due,
 * and a bounded number of active ones. Pure: is told the time, starts nothing. Instants are
 * milliseconds of the wall clock. Alarms are never taken out of the heap: one that was overtaken is
 * known by its stamp. Guarded by the dispatcher's lock.
 */
final class Scheduler {
    /** No alarm. */
    static final long NEVER = Long.MAX_VALUE;

    private record Alarm(long atMillis, long number, Delivery delivery, int stamp)
            implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        boolean isStale() {
            return delivery.stamp() != stamp;
        }
    }

    private final int activeMax;
    private final Map<DeliveryId, Delivery> deliveries = new HashMap<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private long alarmCount;
    private int active;

    Scheduler(int activeMax) {
        this.activeMax = activeMax;
    }

    @Nullable Delivery find(DeliveryId id) {
        return deliveries.get(id);
    }

    /** A delivery comes in; it is placed next. */
    void add(Delivery delivery) {
        deliveries.put(delivery.id(), delivery);
    }

    /** It waits: due at one instant, looked at not later than the other. */
    void await(Delivery delivery, long dueMillis, long lookMillis) {
        leave(delivery);
        delivery.enter(Delivery.State.WAITING);
        delivery.due(dueMillis);
        long at = Math.min(dueMillis, lookMillis);
        alarms.add(new Alarm(at, alarmCount++, delivery, delivery.stamp()));
    }

    /** It is attempted without having waited; false when too many are active. */
    boolean activate(Delivery delivery) {
        if (active >= activeMax) {
            return false;
        }
        delivery.enter(Delivery.State.ACTIVE);
        active++;
        return true;
    }

    /** Deliveries whose alarm has come, now active, at most {@code max} and what activeMax lets. */
    List<Delivery> due(long nowMillis, int max) {
        List<Delivery> due = new ArrayList<>();
        while (due.size() < max && active < activeMax && nextAlarm() <= nowMillis) {
            Delivery delivery = alarms.remove().delivery();
            activate(delivery);
            due.add(delivery);
        }
        return due;
    }

    /** When to ask for {@link #due} again; {@link #NEVER} for not before something else happens. */
    long nextAlarm() {
        while (true) {
            Alarm first = alarms.peek();
            if (first == null) {
                return NEVER;
            }
            if (!first.isStale()) {
                return first.atMillis();
            }
            alarms.remove();
        }
    }

    /** As many are active as may be. */
    boolean isSaturated() {
        return active >= activeMax;
    }

    void hold(Delivery delivery) {
        leave(delivery);
        delivery.enter(Delivery.State.HELD);
    }

    void park(Delivery delivery) {
        leave(delivery);
        delivery.enter(Delivery.State.PARKED);
    }

    /** Its outcome is being made durable. An active one stays active until then. */
    void settling(Delivery delivery) {
        boolean wasActive = delivery.state() == Delivery.State.ACTIVE;
        delivery.enter(Delivery.State.SETTLING);
        active += wasActive ? 0 : 1;
    }

    void remove(Delivery delivery) {
        leave(delivery);
        delivery.enter(Delivery.State.GONE);
        deliveries.remove(delivery.id());
    }

    int activeCount() {
        return active;
    }

    int count() {
        return deliveries.size();
    }

    /** How many are in a state. */
    long count(Delivery.State state) {
        return deliveries.values().stream().filter(each -> each.state() == state).count();
    }

    private void leave(Delivery delivery) {
        switch (delivery.state()) {
            case ACTIVE, SETTLING -> active--;
            case WAITING, HELD, PARKED, GONE -> {}
        }
    }
}

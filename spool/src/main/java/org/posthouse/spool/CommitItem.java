package org.posthouse.spool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What becomes durable in one commit: messages, settlements, or both; all or nothing. A thread
 * waits for it.
 */
final class CommitItem extends Item {
    /** How it ended. */
    enum Outcome {
        /** Durable. */
        DONE,
        /** No room. */
        NO_SPACE,
        /** The disk failed, or the spool is closing. */
        UNAVAILABLE
    }

    private static final int EXPECTED_OCTETS = 1024;
    private static final int SETTLEMENT_OCTETS = 128;

    final List<Arrival> arrivals;
    final List<SettleRecord> settlements;
    final int[] settlementOctets;
    final Part[] parts;
    private final int octets;
    private final Thread waiter = Thread.currentThread();

    /** The id of the first arrival; the committer's. */
    long firstId;

    /** Times it was written in vain; the committer's. */
    int lostCount;

    private volatile Outcome outcome;

    @SuppressWarnings("NullAway.Init")
    CommitItem(List<Arrival> arrivals, List<SettleRecord> settlements) {
        this.arrivals = arrivals;
        this.settlements = settlements;
        var records =
                new OctetWriter(
                        settlements.isEmpty()
                                ? EXPECTED_OCTETS
                                : SETTLEMENT_OCTETS * (settlements.size() + 1));
        Arrival.write(arrivals, records);
        settlementOctets = new int[settlements.size()];
        for (int i = 0; i < settlementOctets.length; i++) {
            int before = records.count();
            settlements.get(i).write(records);
            settlementOctets[i] = records.count() - before;
        }
        parts = parts(records);
        int sum = 0;
        for (Part part : parts) {
            sum += part.octets();
        }
        octets = sum;
    }

    private Part[] parts(OctetWriter records) {
        List<Part> list = new ArrayList<>(arrivals.size() + 1);
        for (Arrival arrival : arrivals) {
            if (arrival.tail != null) {
                list.add(arrival.tail);
            }
        }
        list.add(Part.commit(records, arrivals.size()));
        return list.toArray(new Part[0]);
    }

    @Override
    int octets() {
        return octets;
    }

    boolean isSettlement() {
        return !settlements.isEmpty();
    }

    Part commit() {
        return parts[parts.length - 1];
    }

    /** Tells the waiter. */
    void complete(Outcome how) {
        outcome = how;
        LockSupport.unpark(waiter);
    }

    /** Waits for the end; an interrupt does not end the wait and is not forgotten. */
    Outcome await() {
        boolean interrupted = false;
        Outcome how = outcome;
        while (how == null) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
            how = outcome;
        }
        if (interrupted) {
            waiter.interrupt();
        }
        return how;
    }
}

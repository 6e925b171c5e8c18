package org.posthouse.spool;

import org.posthouse.platform.NoSpaceException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
        UNAVAILABLE;

        /** What a failure of the disk comes to. */
        static Outcome of(IOException e) {
            return e instanceof NoSpaceException ? NO_SPACE : UNAVAILABLE;
        }
    }

    private static final int EXPECTED_OCTETS = 1024;
    private static final int SETTLEMENT_OCTETS = 128;

    final List<Arrival> arrivals;
    final List<SettleRecord> settlements;
    final int[] settlementOctets;
    final Part[] parts;
    private final int octets;
    private final Waiter<Outcome> waiter = new Waiter<>();

    /** The id of the first arrival; the committer's. */
    long firstId;

    /** Times it was written in vain; the committer's. */
    int lostCount;

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
        arrivals.forEach(arrival -> list.addAll(arrival.chunks));
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
        waiter.complete(how);
    }

    /** Waits for the end; an interrupt does not end the wait and is not forgotten. */
    Outcome await() {
        return waiter.await();
    }
}

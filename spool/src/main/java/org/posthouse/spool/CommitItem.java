package org.posthouse.spool;

import java.util.ArrayList;
import java.util.List;

/** Messages, settlements, or both, in one commit. */
final class CommitItem extends DurableItem {
    private static final int EXPECTED_OCTETS = 1024;
    private static final int SETTLEMENT_OCTETS = 128;

    final List<Arrival> arrivals;
    final List<SettleRecord> settlements;
    final int[] settlementOctets;

    /** The id of the first arrival; the committer's. */
    long firstId;

    /** Times it was written in vain; the committer's. */
    int lostCount;

    private CommitItem(
            List<Part> parts,
            List<Arrival> arrivals,
            List<SettleRecord> settlements,
            int[] settlementOctets) {
        super(parts);
        this.arrivals = arrivals;
        this.settlements = settlements;
        this.settlementOctets = settlementOctets;
    }

    static CommitItem of(List<Arrival> arrivals, List<SettleRecord> settlements) {
        var records =
                new OctetWriter(
                        settlements.isEmpty()
                                ? EXPECTED_OCTETS
                                : SETTLEMENT_OCTETS * (settlements.size() + 1));
        Arrival.write(arrivals, records);
        int[] settlementOctets = new int[settlements.size()];
        for (int i = 0; i < settlementOctets.length; i++) {
            int before = records.count();
            settlements.get(i).write(records);
            settlementOctets[i] = records.count() - before;
        }
        List<Part> parts = new ArrayList<>(arrivals.size() + 1);
        arrivals.forEach(arrival -> parts.addAll(arrival.chunks));
        parts.add(Part.commit(records, arrivals.size()));
        return new CommitItem(parts, arrivals, settlements, settlementOctets);
    }

    boolean isSettlement() {
        return !settlements.isEmpty();
    }

    /** True when it ends deliveries and nothing else: it makes room sooner or later. */
    boolean isEnd() {
        for (SettleRecord settlement : settlements) {
            if (!settlement.isDone()) {
                return false;
            }
        }
        return isSettlement();
    }

    /** Where its commit went. */
    long position() {
        return parts.getLast().position;
    }
}

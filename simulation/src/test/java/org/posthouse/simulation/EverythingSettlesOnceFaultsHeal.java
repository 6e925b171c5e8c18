package org.posthouse.simulation;

import java.util.List;

/** With a week of fair weather behind the last life, nothing is left in the queue. */
final class EverythingSettlesOnceFaultsHeal implements Invariant {
    @Override
    public List<String> against(Ledger ledger) {
        return ledger.left == 0 ? List.of() : List.of(ledger.left + " messages are left");
    }
}

package org.posthouse.simulation;

import java.util.List;

/** Replies stand for the commands they answer; a {@link Correspondent} sees where one does not. */
final class RepliesComeInOrder implements Invariant {
    @Override
    public List<String> against(Ledger ledger) {
        return List.of();
    }
}

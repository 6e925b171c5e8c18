package org.posthouse;

import org.posthouse.platform.TimeSource;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.RelayLimit;
import org.posthouse.policy.RelayRule;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * How many recipients relay rules with a limit granted of late, by the names of the rules. A period
 * is counted in 60 slots and the one that runs, so never more than the limit are granted in any
 * period, and a spent limit comes back slot by slot. Forgotten by a restart; a reload keeps what a
 * rule of the same name granted, unless the length of the period changed.
 */
final class RelayTallies {
    private static final int SLOTS = 61;

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock; as many as rules have a limit. */
    private final Map<String, Tally> tallies = new HashMap<>();

    RelayTallies(TimeSource time) {
        this.time = time;
    }

    /** The rules that may grant nothing now. */
    List<String> spent(PolicySet rules) {
        if (rules.relayRules().stream().allMatch(rule -> rule.limit().isNone())) {
            return List.of();
        }
        lock.lock();
        try {
            forgetAllBut(rules);
            return rules.relayRules().stream()
                    .filter(rule -> !rule.limit().isNone())
                    .filter(rule -> tally(rule).count(slot(rule)) >= rule.limit().recipients())
                    .map(RelayRule::name)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Counts a recipient that a rule grants; false when that would be too many. */
    boolean take(RelayRule rule) {
        if (rule.limit().isNone()) {
            return true;
        }
        lock.lock();
        try {
            Tally tally = tally(rule);
            long slot = slot(rule);
            boolean isFree = tally.count(slot) < rule.limit().recipients();
            if (isFree) {
                tally.add();
            }
            return isFree;
        } finally {
            lock.unlock();
        }
    }

    private void forgetAllBut(PolicySet rules) {
        Set<String> known =
                rules.relayRules().stream().map(RelayRule::name).collect(Collectors.toSet());
        tallies.keySet().retainAll(known);
    }

    private Tally tally(RelayRule rule) {
        Duration period = rule.limit().period();
        Tally found = tallies.get(rule.name());
        if (found == null || !found.period.equals(period)) {
            found = new Tally(period);
            tallies.put(rule.name(), found);
        }
        return found;
    }

    private long slot(RelayRule rule) {
        RelayLimit limit = rule.limit();
        return Math.floorDiv(time.nanos(), Math.max(1, limit.period().toNanos() / (SLOTS - 1)));
    }

    /** Of one rule. */
    private static final class Tally {
        final Duration period;
        private final int[] slots = new int[SLOTS];
        private long newest;
        private int sum;

        Tally(Duration period) {
            this.period = period;
        }

        /** In the slots up to this one, which is never before the last one asked for. */
        int count(long slot) {
            if (slot - newest >= SLOTS) {
                Arrays.fill(slots, 0);
                sum = 0;
                newest = slot;
            }
            while (newest < slot) {
                newest++;
                int index = index();
                sum -= slots[index];
                slots[index] = 0;
            }
            return sum;
        }

        /** In the slot that was counted up to. */
        void add() {
            slots[index()]++;
            sum++;
        }

        private int index() {
            return Math.floorMod(newest, SLOTS);
        }
    }
}

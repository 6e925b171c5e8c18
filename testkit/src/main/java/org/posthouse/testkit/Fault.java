package org.posthouse.testkit;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One fault of a sandbox, and how often it strikes: always, if nothing else is said.
 *
 * @since 0.1
 */
public final class Fault {
    private final FaultPoint point;
    private final FaultAction action;
    private final String domain;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> known = new HashSet<>(); // guarded by lock
    private int most = Integer.MAX_VALUE; // guarded by lock
    private int uses; // guarded by lock
    private double probability = 1; // guarded by lock
    private Random random = new Random(0); // guarded by lock

    Fault(FaultPoint point, FaultAction action, String domain) {
        this.point = point;
        this.action = action;
        this.domain = domain;
    }

    /** Strikes so often, then never again. */
    public Fault times(int count) {
        lock.lock();
        try {
            most = count;
            return this;
        } finally {
            lock.unlock();
        }
    }

    /** Strikes once. */
    public Fault once() {
        return times(1);
    }

    /** Strikes each time, as it does by default. */
    public Fault always() {
        return times(Integer.MAX_VALUE);
    }

    /** Strikes by chance, from 0 (never) to 1; the same seed gives the same strikes. */
    public Fault probability(double share, long seed) {
        lock.lock();
        try {
            probability = share;
            random = new Random(seed);
            return this;
        } finally {
            lock.unlock();
        }
    }

    /** How often it struck. */
    public int uses() {
        lock.lock();
        try {
            return uses;
        } finally {
            lock.unlock();
        }
    }

    FaultAction action() {
        return action;
    }

    /** Strikes, if it is to. */
    boolean strikes(Stage stage, String argument, String reversePath) {
        if (!point.is(stage, argument) || Ownership.isAnothers(domain, argument)) {
            return false;
        }
        lock.lock();
        try {
            boolean isPast =
                    uses >= most || (probability < 1 && random.nextDouble() >= probability);
            boolean isKnown =
                    action instanceof FaultAction.Greylist
                            && !isPast
                            && !known.add(reversePath + " " + argument);
            if (isPast || isKnown) {
                return false;
            }
            uses++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        String name = action.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        String said =
                action instanceof FaultAction.Refuse refuse ? "refuse " + refuse.reply() : name;
        return point + ": " + said;
    }
}

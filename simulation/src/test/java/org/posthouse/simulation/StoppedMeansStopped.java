package org.posthouse.simulation;

import org.posthouse.sim.SimPlatform;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** An engine that was closed does nothing any more, and has nothing open. */
final class StoppedMeansStopped implements Invariant {
    private static final Duration LATER = Duration.ofHours(3);

    @Override
    public List<String> against(Ledger ledger) {
        return List.of();
    }

    /** Asked when an engine was closed. */
    static void check(SimPlatform world, Ledger ledger, Collection<Exchanger> hosts) {
        int visits = ledger.visits.size();
        int told = ledger.told.size();
        if (world.disk().openFiles() > 0 || world.disk().heldLocks() > 0) {
            add(ledger, world.disk().openFiles() + " files open");
        }
        if (world.network().listening().contains(Cast.HERE)) {
            add(ledger, "still listening");
        }
        long changes = world.disk().changes();
        world.advance(LATER);
        if (world.disk().changes() > changes || ledger.told.size() > told) {
            add(ledger, "it goes on");
        }
        if (ledger.visits.size() > visits || hosts.stream().anyMatch(host -> host.open() > 0)) {
            add(ledger, "it has connections");
        }
        List<String> threads =
                world.liveThreads().stream()
                        .filter(name -> !name.startsWith("host ") && !name.equals("body"))
                        .toList();
        if (!threads.isEmpty()) {
            add(ledger, "threads are left: " + threads);
        }
    }

    private static void add(Ledger ledger, String what) {
        ledger.amiss.add("StoppedMeansStopped: " + what);
    }
}

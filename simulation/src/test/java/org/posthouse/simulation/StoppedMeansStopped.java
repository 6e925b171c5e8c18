package org.posthouse.simulation;

import org.posthouse.sim.SimPlatform;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** An engine that was closed does nothing any more, and has nothing open. */
final class StoppedMeansStopped {
    private static final Duration LATER = Duration.ofHours(3);

    private StoppedMeansStopped() {}

    /** Asked when an engine was closed. */
    static void check(SimPlatform world, Ledger ledger, Collection<Exchanger> hosts) {
        int visits = ledger.visits.size();
        int told = ledger.told.size();
        if (world.disk().openFiles() > 0 || world.disk().heldLocks() > 0) {
            ledger.amiss(StoppedMeansStopped.class, world.disk().openFiles() + " files open");
        }
        if (world.network().listening().contains(Cast.HERE)) {
            ledger.amiss(StoppedMeansStopped.class, "still listening");
        }
        long changes = world.disk().changes();
        world.advance(LATER);
        if (world.disk().changes() > changes || ledger.told.size() > told) {
            ledger.amiss(StoppedMeansStopped.class, "it goes on");
        }
        if (ledger.visits.size() > visits || hosts.stream().anyMatch(host -> host.open() > 0)) {
            ledger.amiss(StoppedMeansStopped.class, "it has connections");
        }
        List<String> threads =
                world.liveThreads().stream()
                        .filter(name -> !name.startsWith("host ") && !name.equals("body"))
                        .toList();
        if (!threads.isEmpty()) {
            ledger.amiss(StoppedMeansStopped.class, "threads are left: " + threads);
        }
    }
}

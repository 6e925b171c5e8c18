package org.posthouse.testkit;

import org.junit.jupiter.api.extension.ExtendWith;
import org.posthouse.sim.SimPlatform;
import org.posthouse.spool.MemorySpool;
import org.posthouse.spool.Spool;
import org.posthouse.testkit.spool.SpoolContract;

/** The spool in memory. */
@ExtendWith(InSimulation.class)
class MemoryContractTest extends SpoolContract implements InSimulation.World {
    private final SimPlatform platform = new SimPlatform(1);

    @Override
    public SimPlatform platform() {
        return platform;
    }

    @Override
    protected Spool open() {
        return new MemorySpool(platform.time());
    }
}

package org.posthouse.testkit;

import org.junit.jupiter.api.extension.ExtendWith;
import org.posthouse.sim.SimPlatform;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolLog;
import org.posthouse.spool.SpoolSettings;
import org.posthouse.testkit.spool.SpoolContract;

import java.nio.file.Path;

/** The embedded log on the simulated disk. */
@ExtendWith(InSimulation.class)
class SimulatedLogContractTest extends SpoolContract implements InSimulation.World {
    /** Small, so that segments roll over, and with nothing in memory that could hide the disk. */
    static final SpoolSettings SMALL =
            new SpoolSettings(512 << 10, 64 << 10, 64 << 10, 1 << 20, 8 << 10, 2, 1, 1 << 20)
                    .withCheckpointOctets(300 << 10);

    private final SimPlatform platform = new SimPlatform(1);

    @Override
    public SimPlatform platform() {
        return platform;
    }

    @Override
    protected Spool open() {
        return SpoolLog.open(platform, Path.of("/spool"), SMALL);
    }
}

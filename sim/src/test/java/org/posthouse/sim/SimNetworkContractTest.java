package org.posthouse.sim;

import org.junit.jupiter.api.AfterEach;
import org.posthouse.platform.Platform;

/** The contract in memory. */
class SimNetworkContractTest extends NetworkContract {
    private final SimPlatform sim = new SimPlatform(21);

    @Override
    Platform platform() {
        return sim;
    }

    @Override
    void run(SimBody<Exception> body) throws Exception {
        sim.run(body);
    }

    @AfterEach
    void nothingIsLeft() {
        sim.assertNothingOpen();
    }
}

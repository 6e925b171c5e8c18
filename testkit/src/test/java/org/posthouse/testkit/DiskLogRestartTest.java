package org.posthouse.testkit;

import org.junit.jupiter.api.io.TempDir;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolLog;
import org.posthouse.testkit.spool.SpoolRestartContract;

import java.nio.file.Path;
import java.util.List;

/** The embedded log on the machine's own disk, whose power nobody cuts: its owners close it. */
class DiskLogRestartTest extends SpoolRestartContract {
    @TempDir private Path directory;

    @Override
    protected Spool open() {
        return SpoolLog.open(
                JdkPlatform.create(DnsSettings.servers(List.of())),
                directory.resolve("spool"),
                SimulatedLogContractTest.SMALL);
    }

    @Override
    protected void crash(Spool spool) {
        spool.close();
    }
}

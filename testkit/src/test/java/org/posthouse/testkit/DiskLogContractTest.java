package org.posthouse.testkit;

import org.junit.jupiter.api.io.TempDir;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolLog;
import org.posthouse.testkit.spool.SpoolContract;

import java.nio.file.Path;
import java.util.List;

/** The embedded log on the machine's own disk and threads. */
class DiskLogContractTest extends SpoolContract {
    @TempDir private Path directory;

    @Override
    protected Spool open() {
        return SpoolLog.open(
                JdkPlatform.create(DnsSettings.servers(List.of())),
                directory.resolve("spool"),
                SimulatedLogContractTest.SMALL);
    }
}

package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.spool.Samples.acceptance;
import static org.posthouse.spool.Samples.done;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.posthouse.core.ContentSink;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A spool whose large content goes to segments of its own, in a simulated world. */
@ExtendWith(InSimulation.class)
abstract class BulkSpool implements InSimulation.World {
    static final Path DIRECTORY = Path.of("/spool");
    static final Deadline NOW = new Deadline(Long.MIN_VALUE / 2);

    /** Chunks of 4 KiB, bulk from 16 KiB on, in segments of 256 KiB. */
    static final SpoolSettings SMALL =
            new SpoolSettings(128 << 10, 4 << 10, 16 << 10, 1 << 20, 0, 2, 1, 1 << 20)
                    .withBulk(16 << 10, 256 << 10);

    static final int LARGE = 50_000;

    final SimPlatform platform = new SimPlatform(1);
    SpoolLog spool;

    @Override
    public SimPlatform platform() {
        return platform;
    }

    @BeforeEach
    void openSpool() {
        spool = SpoolLog.open(platform, DIRECTORY, SMALL);
    }

    @AfterEach
    void closeSpool() {
        spool.close();
    }

    void reopen() {
        spool.close();
        openSpool();
    }

    SpoolId accept(byte[] body) {
        AcceptResult result = spool.accept(acceptance(spool, "", body, "a@x.example"));
        return ((AcceptResult.Accepted) result).id();
    }

    AcceptResult accept(ContentSink sink) {
        return spool.accept(acceptance("", sink, "a@x.example"));
    }

    void verify(SpoolId id, byte[] body) {
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
    }

    void settleAll() throws InterruptedException {
        for (QueuedDelivery delivery : spool.take(1000, NOW)) {
            assertThat(spool.settle(List.of(done(delivery)))).isTrue();
        }
    }

    List<Path> bulkFiles() throws IOException {
        platform.settle();
        return platform.disk().list(DIRECTORY).stream()
                .filter(name -> name.startsWith("bulk-"))
                .map(DIRECTORY::resolve)
                .toList();
    }

    long operations(SimDiskOperation operation) {
        return platform.disk().count(operation);
    }
}

package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The log on the machine's own disk and threads. */
class SpoolLogDiskTest extends OpenSpool {
    private final Platform platform = JdkPlatform.create(DnsSettings.servers(List.of()));

    @TempDir private Path directory;

    @Override
    Spool open() {
        return SpoolLog.open(platform, directory.resolve("spool"), SpoolLogTest.SMALL);
    }

    @Test
    void secondEngineIsTurnedAwayByName() {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.code()).isEqualTo(SpoolException.IN_USE))
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    @Test
    void directoryThatIsAFileIsAClearError() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> SpoolLog.open(platform, file, SpoolLogTest.SMALL))
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.code()).isEqualTo(SpoolException.UNUSABLE));
    }

    @Test
    void manyThreadsAtOnceLoseNothing() throws Exception {
        int clients = 16;
        int each = 40;
        Map<SpoolId, Integer> kept = new ConcurrentHashMap<>();
        AtomicInteger settled = new AtomicInteger();
        List<Threads.Task> tasks = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            int number = client;
            tasks.add(
                    platform.threads()
                            .start(
                                    "client",
                                    () -> {
                                        for (int i = 0; i < each; i++) {
                                            int seed = number * 1000 + i;
                                            byte[] body = octets(seed, seed * 7 % 100_000);
                                            kept.put(accept("", body, "a@x.example"), seed);
                                        }
                                    }));
        }
        tasks.add(platform.threads().start("relay", () -> relay(clients * each / 2, settled)));
        for (Threads.Task task : tasks) {
            task.join(Deadline.NEVER);
        }
        assertThat(settled).hasValue(clients * each / 2);
        spool = reopen(spool);
        List<QueuedDelivery> left = take();
        assertThat(left).hasSize(clients * each - settled.get());
        for (QueuedDelivery delivery : left) {
            SpoolId id = delivery.id().message();
            int seed = kept.get(id);
            assertThat(Samples.read(spool.content(id)))
                    .isEqualTo(Samples.withPrefix(octets(seed, seed * 7 % 100_000)));
        }
    }

    private void relay(int wanted, AtomicInteger settled) {
        try {
            while (settled.get() < wanted) {
                for (QueuedDelivery delivery :
                        spool.take(Math.min(8, wanted - settled.get()), Deadline.NEVER)) {
                    assertThat(Samples.read(spool.content(delivery.id().message()))).isNotEmpty();
                    assertThat(spool.settle(List.of(Samples.done(delivery)))).isTrue();
                    settled.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

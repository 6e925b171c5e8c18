package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sparse bulk segments are emptied: a few large messages that wait for long do not keep the files
 * of their settled neighbours, whatever state they are in, and whenever the machine dies.
 */
@ExtendWith(QuietSpool.class)
class BulkCompactionTest {
    private static final Path DIRECTORY = Path.of("/var/spool");
    private static final int FILE = 24 << 10;
    private static final int MESSAGES = 120;

    /** Content of more than 2 KiB goes to files of 24 KiB, in chunks of 1 KiB. */
    private static final SpoolSettings TINY =
            new SpoolSettings(16 << 10, 1 << 10, 4 << 10, 64 << 10, 4 << 10, 3, 2, 64 << 10)
                    .withCheckpointOctets(20 << 10)
                    .withBulk(2 << 10, FILE);

    private static final SpoolDeaths DEATHS =
            new SpoolDeaths(
                    TINY,
                    (platform, model, spool) -> {
                        fill(model, spool);
                        thin(platform, model, spool);
                        churn(model, spool, "n", 8);
                    },
                    (platform, model, spool) -> {
                        churn(model, spool, "o", 24);
                        pause(platform);
                    });

    private static SpoolLog open(SimPlatform platform) {
        return SpoolLog.open(platform, DIRECTORY, TINY);
    }

    /** Octets of all files of large content, headers aside. */
    private static long bulkOctets(SimPlatform platform) throws IOException {
        platform.settle();
        long octets = 0;
        for (String name : platform.disk().list(DIRECTORY)) {
            if (name.startsWith("bulk-")) {
                long length = platform.disk().contents(DIRECTORY.resolve(name)).length;
                octets += length - SegmentHeader.FRAMES_AT;
            }
        }
        return octets;
    }

    /** Large mail of which one in eight waits: fresh, deferred, or with one delivery done. */
    private static void churn(SpoolModel model, Spool spool, String name, int messages)
            throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            String key = name + i;
            int octets = i % 11 == 5 ? 70_000 : 2_500 + i * 617 % 6_000;
            if (!model.accept(spool, key, octets)) {
                continue;
            }
            model.take(spool);
            Map<SpoolModel.Delivery, List<Integer>> settled = new LinkedHashMap<>();
            switch (i % 24) {
                case 0 -> {}
                case 8 -> settled.put(new SpoolModel.Delivery(key, 0), List.of(1));
                case 16 -> settled.put(new SpoolModel.Delivery(key, 0), List.of());
                default -> {
                    settled.put(new SpoolModel.Delivery(key, 0), List.of());
                    settled.put(new SpoolModel.Delivery(key, 1), List.of());
                }
            }
            settled.keySet().removeIf(delivery -> model.open(delivery).isEmpty());
            if (!settled.isEmpty()) {
                model.settle(spool, settled, List.of());
            }
        }
    }

    private static void pause(SimPlatform platform) throws InterruptedException {
        platform.time().sleep(Duration.ofMinutes(5));
    }

    @Test
    void fewThatWaitDoNotKeepTheFiles() throws Exception {
        SimPlatform platform = new SimPlatform(1);
        SpoolModel model = new SpoolModel();
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        churn(model, spool, "m", 400);
                        pause(platform);
                        model.verifyExactly(spool);
                        long live = liveOctets(spool);
                        assertThat(live).isBetween(200_000L, 600_000L);
                        assertThat(bulkOctets(platform)).isLessThan(2 * live + 6 * FILE);
                    }
                });
        DEATHS.reopen(platform, model);
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        model.take(spool);
                        for (QueuedDelivery delivery : all(spool)) {
                            model.settleQueued(spool, delivery);
                        }
                        pause(platform);
                        // at most the file that copies went to last
                        assertThat(bulkOctets(platform)).isLessThanOrEqualTo(FILE);
                    }
                });
        platform.assertNothingOpen();
    }

    private static List<QueuedDelivery> all(Spool spool) {
        return spool.admin().list(new DeliveryId(new SpoolId(1), 0), Integer.MAX_VALUE);
    }

    private static long liveOctets(Spool spool) {
        Map<SpoolId, Long> octets = new LinkedHashMap<>();
        all(spool).forEach(each -> octets.put(each.id().message(), each.octets()));
        return octets.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void readerOfAMovedContentReadsOn() throws Exception {
        SimPlatform platform = new SimPlatform(2);
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        byte[] body = Samples.octets(1, 2500);
                        Acceptance waiting = Samples.acceptance(spool, "", body, "a@x.example");
                        SpoolId id = ((AcceptResult.Accepted) spool.accept(waiting)).id();
                        Content before = spool.content(id);
                        SpoolModel model = new SpoolModel();
                        for (int i = 0; i < 200; i++) {
                            String key = "m" + i;
                            model.accept(spool, key, i % 10 == 5 ? 3_000 : 11_000);
                            model.takeKnown(spool, id);
                            if (i % 10 != 5) {
                                Map<SpoolModel.Delivery, List<Integer>> both =
                                        Map.of(
                                                new SpoolModel.Delivery(key, 0), List.of(),
                                                new SpoolModel.Delivery(key, 1), List.of());
                                model.settle(spool, both, List.of());
                            }
                        }
                        pause(platform);
                        assertThat(Samples.read(spool.content(id)))
                                .isEqualTo(Samples.withPrefix(body));
                        assertThat(platform.disk().list(DIRECTORY)).contains("bulk-00000001");
                        assertThat(Samples.read(before)).isEqualTo(Samples.withPrefix(body));
                        before.close();
                        platform.settle();
                        assertThat(platform.disk().list(DIRECTORY)).doesNotContain("bulk-00000001");
                    }
                });
        platform.assertNothingOpen();
    }

    /** All that comes waits at first. */
    private static void fill(SpoolModel model, Spool spool) throws InterruptedException {
        for (int i = 0; i < MESSAGES; i++) {
            model.accept(spool, "m" + i, i % 11 == 5 ? 30_000 : 2_500 + i * 617 % 1_500);
        }
        model.take(spool);
    }

    /** Of eight messages one stays: as it came, with one delivery done, or with one deferred. */
    private static void thin(SimPlatform platform, SpoolModel model, Spool spool)
            throws InterruptedException {
        for (int i = 0; i < MESSAGES; i++) {
            int way = i % 8 > 0 ? 3 : i / 8 % 3;
            if (way > 0) {
                settle(model, spool, new SpoolModel.Delivery("m" + i, 0), way == 2);
            }
            if (way > 2) {
                settle(model, spool, new SpoolModel.Delivery("m" + i, 1), false);
            }
        }
        pause(platform);
    }

    private static void settle(
            SpoolModel model, Spool spool, SpoolModel.Delivery delivery, boolean deferred) {
        if (!model.open(delivery).isEmpty()) {
            List<Integer> left = deferred ? List.of(1) : List.of();
            model.settle(spool, Map.of(delivery, left), List.of());
        }
    }

    /** The changes of the disk while most of the mail goes. */
    private record Emptying(long first, long last) {
        static Emptying of(long seed) throws Exception {
            SimPlatform clean = new SimPlatform(seed);
            SpoolModel model = new SpoolModel();
            return clean.call(
                    () -> {
                        try (SpoolLog spool = open(clean)) {
                            fill(model, spool);
                            long first = clean.disk().changes();
                            thin(clean, model, spool);
                            long last = clean.disk().changes();
                            model.verifyExactly(spool);
                            assertThat(bulkOctets(clean)).isLessThan(2 * liveOctets(spool) + FILE);
                            return new Emptying(first, last);
                        }
                    });
        }
    }

    private static void crashes(long seed, int step, List<SimLoss> losses) throws Exception {
        Emptying emptying = Emptying.of(seed);
        assertThat(emptying.last - emptying.first).isGreaterThan(150);
        for (long change = emptying.first + seed % step;
                change <= emptying.last + 3;
                change += step) {
            for (SimLoss loss : losses) {
                DEATHS.dieAt(seed, change, loss);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SimLoss.class)
    void crashWhileFilesAreEmptied(SimLoss loss) throws Exception {
        crashes(1 + loss.ordinal(), 11, List.of(loss));
    }

    @Test
    @Tag("campaign")
    @Timeout(7200)
    void crashAtEveryChangeWhileFilesAreEmptied() throws Exception {
        for (long seed = 100; seed < 120; seed++) {
            crashes(seed, 1, List.of(SimLoss.values()));
        }
    }

    @ParameterizedTest
    @EnumSource(SimDiskFailure.class)
    void diskFailsWhileFilesAreEmptied(SimDiskFailure failure) throws InterruptedException {
        for (SimDiskOperation operation :
                List.of(
                        SimDiskOperation.CREATE,
                        SimDiskOperation.WRITE,
                        SimDiskOperation.FORCE,
                        SimDiskOperation.DELETE,
                        SimDiskOperation.FORCE_DIRECTORY)) {
            for (long nth = 1; nth < 120; nth += 17) {
                for (int way = 0; way < 2; way++) {
                    fault(operation, nth, way == 1, failure);
                }
            }
        }
    }

    private static void fault(
            SimDiskOperation operation, long nth, boolean forGood, SimDiskFailure failure)
            throws InterruptedException {
        SimPlatform platform = new SimPlatform(nth);
        SpoolModel model = new SpoolModel();
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        fill(model, spool);
                        if (forGood) {
                            platform.disk().failAll(operation, failure);
                        } else {
                            platform.disk().fail(operation, nth, failure);
                        }
                        thin(platform, model, spool);
                        model.verifyExactly(spool);
                        platform.disk().heal();
                        pause(platform);
                        churn(model, spool, "n", 24);
                        model.verifyExactly(spool);
                    }
                });
        SimPlatform next = platform.restart(SimLoss.POWER);
        next.run(
                () -> {
                    try (SpoolLog spool = open(next)) {
                        assertThat(spool.admin().recovery().damagedFrames()).isZero();
                        model.verifyRecovered(spool);
                    }
                });
    }
}

package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
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
 * Sparse segments are emptied: a few messages that wait for long do not keep the log that came
 * after them, whatever state they are in, and whenever the machine dies.
 */
@ExtendWith(QuietSpool.class)
class SpoolCompactionTest {
    private static final Path DIRECTORY = Path.of("/var/spool");

    private static final SpoolSettings TINY =
            new SpoolSettings(16 << 10, 1 << 10, 4 << 10, 64 << 10, 4 << 10, 3, 2, 64 << 10)
                    .withCheckpointOctets(60 << 10);

    private static final SpoolDeaths DEATHS =
            new SpoolDeaths(
                    TINY,
                    (platform, model, spool) -> {
                        churn(model, spool, "m", 160);
                        pause(platform);
                    },
                    (platform, model, spool) -> {
                        churn(model, spool, "n", 60);
                        pause(platform);
                    });

    private static SpoolLog open(SimPlatform platform) {
        return SpoolLog.open(platform, DIRECTORY, TINY);
    }

    /** Segments with their whole length: those that take room. */
    private static long segments(SimPlatform platform) throws IOException {
        long count = 0;
        for (String name : platform.disk().list(DIRECTORY)) {
            if (name.startsWith("segment-")) {
                count += platform.disk().contents(DIRECTORY.resolve(name)).length / (16 << 10);
            }
        }
        return count;
    }

    /** Mail that comes and goes; of some, one delivery or both wait, some deferred. */
    private static void churn(SpoolModel model, Spool spool, String name, int messages)
            throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            String key = name + i;
            if (!model.accept(spool, key, 100 + i * 37 % 1500)) {
                continue;
            }
            model.take(spool);
            SpoolModel.Delivery first = new SpoolModel.Delivery(key, 0);
            SpoolModel.Delivery second = new SpoolModel.Delivery(key, 1);
            Map<SpoolModel.Delivery, List<Integer>> settled = new LinkedHashMap<>();
            switch (i % 8) {
                case 0 -> settled.put(first, List.of());
                case 1 -> settled.put(first, List.of(1));
                case 2 -> {
                    settled.put(first, List.of());
                    settled.put(second, List.of(2));
                }
                default -> {
                    settled.put(first, List.of());
                    settled.put(second, List.of());
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
    void fewThatWaitDoNotKeepTheLog() throws Exception {
        SimPlatform platform = new SimPlatform(1);
        SpoolModel model = new SpoolModel();
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        churn(model, spool, "m", 1200);
                        pause(platform);
                        model.verifyExactly(spool);
                        // 450 messages of some 1.4 KB are left, 80 segments full
                        assertThat(segments(platform)).isLessThan(2 * 80 + 10);
                        drainAllBut(model, spool, 40);
                        pause(platform);
                        model.verifyExactly(spool);
                        assertThat(segments(platform)).isLessThan(2 * 8 + 10);
                    }
                });
        DEATHS.reopen(platform, model);
        platform.assertNothingOpen();
    }

    /** A site that is down defers its mail again and again, also on a full disk. */
    @Test
    void deferralsOnAFullDiskLeaveRoomForCopies() throws Exception {
        SimPlatform platform = new SimPlatform(1);
        platform.run(
                () -> {
                    platform.disk().capacity(40 * (16 << 10));
                    try (SpoolLog spool = open(platform)) {
                        int accepted = 0;
                        while (accept(spool, accepted) instanceof AcceptResult.Accepted) {
                            accepted++;
                        }
                        assertThat(accepted).isGreaterThan(100);
                        Deadline now = platform.time().after(Duration.ZERO);
                        List<QueuedDelivery> taken = spool.take(accepted, now);
                        int refused = 0;
                        for (int i = 0; i < 600; i++) {
                            QueuedDelivery delivery = taken.get(i % taken.size());
                            if (!spool.settle(List.of(waits(delivery, platform)))) {
                                refused++;
                                pause(platform);
                            }
                        }
                        assertThat(refused).isPositive();
                        int ended = 0;
                        for (QueuedDelivery delivery : taken) {
                            assertThat(spool.settle(List.of(Samples.done(delivery))))
                                    .as("end %s of %s after %s refusals", ended, accepted, refused)
                                    .isTrue();
                            ended++;
                        }
                        pause(platform);
                        assertThat(accept(spool, 0)).isInstanceOf(AcceptResult.Accepted.class);
                    }
                });
    }

    private static AcceptResult accept(SpoolLog spool, int number) {
        return spool.accept(
                Samples.acceptance(spool, "", Samples.octets(number, 700), "a@x.example"));
    }

    private static Settlement waits(QueuedDelivery delivery, SimPlatform platform) {
        return Samples.deferred(delivery, List.of(0), platform.time().now());
    }

    private static void drainAllBut(SpoolModel model, Spool spool, int left)
            throws InterruptedException {
        DeliveryId start = new DeliveryId(new SpoolId(1), 0);
        List<QueuedDelivery> all = spool.admin().list(start, Integer.MAX_VALUE);
        model.take(spool);
        int step = Math.max(1, all.size() / left);
        for (int i = 0; i < all.size(); i++) {
            if (i % step != 0) {
                model.settleQueued(spool, all.get(i));
            }
        }
    }

    @Test
    void readerOfAMovedMessageReadsOn() throws Exception {
        SimPlatform platform = new SimPlatform(2);
        platform.run(
                () -> {
                    try (SpoolLog spool = open(platform)) {
                        byte[] body = Samples.octets(1, 3000);
                        Acceptance waiting = Samples.acceptance(spool, "", body, "a@x.example");
                        SpoolId id = ((AcceptResult.Accepted) spool.accept(waiting)).id();
                        var content = spool.content(id);
                        SpoolModel model = new SpoolModel();
                        for (int round = 0; round < 12; round++) {
                            for (int i = 0; i < 20; i++) {
                                String key = "r" + round + "-" + i;
                                model.accept(spool, key, 800);
                                model.takeKnown(spool, id);
                                model.settle(
                                        spool,
                                        Map.of(
                                                new SpoolModel.Delivery(key, 0), List.of(),
                                                new SpoolModel.Delivery(key, 1), List.of()),
                                        List.of());
                            }
                            pause(platform);
                            assertThat(Samples.read(spool.content(id)))
                                    .isEqualTo(Samples.withPrefix(body));
                        }
                        assertThat(segments(platform)).isLessThan(14);
                        assertThat(Samples.read(content)).isEqualTo(Samples.withPrefix(body));
                    }
                });
        platform.assertNothingOpen();
    }

    private static void crashes(long seed, int step) throws InterruptedException {
        SimPlatform clean = new SimPlatform(seed);
        SpoolModel model = new SpoolModel();
        clean.run(
                () -> {
                    try (SpoolLog spool = open(clean)) {
                        churn(model, spool, "m", 160);
                        pause(clean);
                        model.verifyExactly(spool);
                    }
                });
        long changes = clean.disk().changes();
        for (long change = 1 + seed % step; change <= changes; change += step) {
            for (SimLoss loss : SimLoss.values()) {
                DEATHS.dieAt(seed, change, loss);
            }
        }
    }

    @Test
    void crashWhileSegmentsAreEmptied() throws InterruptedException {
        for (long seed = 1; seed <= 3; seed++) {
            crashes(seed, 31);
        }
    }

    @Test
    @Tag("campaign")
    @Timeout(7200)
    void crashAtEveryChangeWhileSegmentsAreEmptied() throws InterruptedException {
        for (long seed = 100; seed < 140; seed++) {
            crashes(seed, 1);
        }
    }

    @Test
    void diskFailsWhileSegmentsAreEmptied() throws InterruptedException {
        for (SimDiskOperation operation : List.of(SimDiskOperation.WRITE, SimDiskOperation.FORCE)) {
            for (long nth = 3; nth < 400; nth += 17) {
                SimPlatform platform = new SimPlatform(nth);
                SpoolModel model = new SpoolModel();
                long failing = nth;
                platform.run(
                        () -> {
                            try (SpoolLog spool = open(platform)) {
                                platform.disk()
                                        .fail(
                                                operation,
                                                failing,
                                                SimDiskFailure.INPUT_OUTPUT_ERROR);
                                churn(model, spool, "m", 160);
                                pause(platform);
                                model.verifyExactly(spool);
                            }
                        });
                SimPlatform next = platform.restart(SimLoss.POWER);
                next.run(
                        () -> {
                            try (SpoolLog spool = open(next)) {
                                model.verifyRecovered(spool);
                            }
                        });
            }
        }
    }
}

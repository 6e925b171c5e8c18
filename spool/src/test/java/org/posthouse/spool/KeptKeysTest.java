package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DiskFile;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A key stands for its message for a day behind its end, whatever happens to the process. */
class KeptKeysTest {
    private static final Path FOLDER = Path.of("/spool");
    private static final byte[] BODY = {'a', '\r', '\n'};

    private final SimPlatform sim = new SimPlatform(5);

    private static SpoolLog open(SimPlatform on) {
        return SpoolLog.open(
                on,
                FOLDER,
                new SpoolSettings(512 << 10, 64 << 10, 64 << 10, 1 << 20, 8 << 10, 2, 1, 1 << 20));
    }

    private static AcceptResult.Accepted accept(Spool spool, String key, String... to) {
        return (AcceptResult.Accepted) spool.accept(Samples.acceptance(spool, key, BODY, to));
    }

    private static void settleAll(Spool spool) {
        try {
            for (QueuedDelivery each : spool.take(10, Deadline.NEVER)) {
                var progress = Progress.fresh(each.nextDueAt());
                var done = new Settlement(each.id(), each.epoch(), List.of(), progress, List.of());
                assertThat(spool.settle(List.of(done))).isTrue();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Wherever the machine dies, what was told once is told again, and nothing is there twice. */
    @ParameterizedTest
    @EnumSource(SimLoss.class)
    void aKeyStandsForOneMessageWhereverTheMachineDies(SimLoss loss) {
        int died = 0;
        for (long change = 1; died == change - 1; change++) {
            var machine = new SimPlatform(change);
            var told = new ArrayList<SpoolId>();
            long at = change;
            died += dies(machine, at, told) ? 1 : 0;
            SimPlatform next = machine.restart(loss);
            next.run(
                    () -> {
                        SpoolLog spool = open(next);
                        AcceptResult.Accepted again = accept(spool, "order 1", "a@x.example");
                        if (!told.isEmpty()) {
                            assertThat(again.repeated()).as("change %s", at).isTrue();
                            assertThat(again.id()).isEqualTo(told.getFirst());
                        }
                        assertThat(spool.admin().messageCount()).isLessThanOrEqualTo(1);
                        spool.close();
                    });
        }
        assertThat(died).isGreaterThan(4);
    }

    private static boolean dies(SimPlatform machine, long change, List<SpoolId> told) {
        try {
            machine.run(
                    () -> {
                        SpoolLog spool = open(machine);
                        machine.disk().crashAt(change);
                        told.add(accept(spool, "order 1", "a@x.example", "b@y.example").id());
                        settleAll(spool);
                        accept(spool, "other", "a@x.example");
                        settleAll(spool);
                        spool.close();
                    });
            return false;
        } catch (SimCrash expected) {
            return true;
        }
    }

    @Test
    void aKeyCountsForADayBehindTheEndOfItsMessage() {
        sim.run(
                () -> {
                    SpoolLog spool = open(sim);
                    SpoolId first = accept(spool, "order 1", "a@x.example", "b@y.example").id();
                    settleAll(spool);
                    assertThat(spool.admin().messageCount()).isZero();
                    spool.close();
                    SpoolLog after = open(sim);
                    assertThat(accept(after, "order 1", "a@x.example").id()).isEqualTo(first);
                    assertThat(after.admin().messageCount()).isZero();
                    sim.advance(Duration.ofHours(25));
                    assertThat(accept(after, "order 1", "a@x.example").repeated()).isFalse();
                    after.close();
                });
    }

    @Test
    void aFullDiskDrainsAllTheSame() {
        sim.run(
                () -> {
                    SpoolLog spool = open(sim);
                    SpoolId first = accept(spool, "order 1", "a@x.example").id();
                    spool.close();
                    sim.disk().failAll(SimDiskOperation.CREATE, SimDiskFailure.NO_SPACE);
                    SpoolLog after = open(sim);
                    settleAll(after);
                    assertThat(after.admin().messageCount()).isZero();
                    assertThat(accept(after, "order 1", "a@x.example").id()).isEqualTo(first);
                    sim.disk().heal();
                    after.close();
                });
    }

    @Test
    void memoryKeepsThemTheSameWay() {
        sim.run(
                () -> {
                    try (var spool = new MemorySpool(sim.time())) {
                        SpoolId first = accept(spool, "k", "a@x.example").id();
                        settleAll(spool);
                        assertThat(accept(spool, "k", "a@x.example").id()).isEqualTo(first);
                        sim.advance(Duration.ofHours(25));
                        assertThat(accept(spool, "k", "a@x.example").repeated()).isFalse();
                    }
                });
    }

    @Test
    void aTornLineCostsItselfAlone() throws IOException {
        sim.disk().createDirectories(FOLDER);
        var file = new KeyFile(sim.disk(), FOLDER);
        var first = new KeptKeys.Kept("k 1", -5, 1);
        file.rewrite(List.of(first, new KeptKeys.Kept("k2", 7, 2)));
        tear();
        file.append(List.of(new KeptKeys.Kept("\u00fc", 8, 3)));
        assertThat(file.read()).containsExactly(first, new KeptKeys.Kept("\u00fc", 8, 3));
        assertThat(file.isLong(2)).as("twice what it began with").isFalse();
        file.append(List.of(first, first));
        assertThat(file.isLong(2)).isTrue();
        file.close();
    }

    /** The keys of the messages that end now, and of those that are not done yet, stay in it. */
    @Test
    void aFileThatIsWrittenAnewForgetsNoKey() {
        sim.run(
                () -> {
                    var index = new Index(sim.time(), 1);
                    disk();
                    var keys = KeptKeys.open(sim.disk(), FOLDER, index);
                    int last = 2 * AcceptIds.KEPT_MAX + 2;
                    var most = new ArrayList<Settlement>();
                    for (int id = 1; id <= last; id++) {
                        index.acceptIds.put("k" + id, id);
                        most.add(done(id));
                    }
                    keys.keep(most.subList(0, last - 1));
                    for (int id = 4; id < last; id++) {
                        index.acceptIds.remove(id);
                    }
                    keys.keep(List.of(done(last)));
                    keys.close();
                    assertThat(read())
                            .hasSize(AcceptIds.KEPT_MAX + 4)
                            .extracting(KeptKeys.Kept::key)
                            .contains("k1", "k2", "k3", "k" + last);
                });
    }

    private List<KeptKeys.Kept> read() {
        try {
            return new KeyFile(sim.disk(), FOLDER).read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void disk() {
        try {
            sim.disk().createDirectories(FOLDER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Settlement done(long message) {
        var id = new DeliveryId(new SpoolId(message), 0);
        return new Settlement(id, 1, List.of(), Progress.fresh(sim.time().now()), List.of());
    }

    @Test
    void keysOfMessagesThatAreNotDoneAreWrittenAnewWithTheOthers() {
        var index = new Index(sim.time(), 1);
        index.acceptIds.put("half", 7);
        index.acceptIds.put("done", 8);
        index.acceptIds.noted(new KeptKeys.Kept("half", 7, index.nowMillis()));
        index.acceptIds.noted(new KeptKeys.Kept("done", 8, index.nowMillis()));
        index.acceptIds.remove(8);
        assertThat(index.acceptIds.kept())
                .extracting(KeptKeys.Kept::key)
                .containsExactly("done", "half");
        sim.advance(Duration.ofHours(2));
        assertThat(index.acceptIds.isNoted(7)).as("with a time of two hours ago").isFalse();
    }

    /** The name is not durable, but the file behind the old name is gone. */
    @Test
    void whatIsAppendedBehindAFailedRenewalIsThere() throws IOException {
        sim.disk().createDirectories(FOLDER);
        var file = new KeyFile(sim.disk(), FOLDER);
        var first = new KeptKeys.Kept("k1", 1, 1);
        var second = new KeptKeys.Kept("k2", 2, 2);
        file.rewrite(List.of(first));
        sim.disk().failAll(SimDiskOperation.FORCE_DIRECTORY, SimDiskFailure.INPUT_OUTPUT_ERROR);
        assertThatIOException().isThrownBy(() -> file.rewrite(List.of(first)));
        assertThatIOException().isThrownBy(() -> file.append(List.of(second)));
        sim.disk().heal();
        file.append(List.of(second));
        assertThat(file.read()).containsExactly(first, second);
        file.close();
    }

    @Test
    void aFileThatCouldNotBeWrittenAtTheStartIsWrittenLater() {
        sim.run(
                () -> {
                    SpoolLog spool = open(sim);
                    SpoolId first = accept(spool, "order 1", "a@x.example").id();
                    spool.close();
                    sim.disk().failAll(SimDiskOperation.CREATE, SimDiskFailure.NO_SPACE);
                    SpoolLog full = open(sim);
                    settleAll(full);
                    sim.disk().heal();
                    sim.advance(KeptKeys.RENEW_AFTER);
                    accept(full, "order 2", "a@x.example");
                    settleAll(full);
                    full.close();
                    SpoolLog after = open(sim);
                    assertThat(accept(after, "order 1", "a@x.example").id()).isEqualTo(first);
                    assertThat(accept(after, "order 2", "a@x.example").repeated()).isTrue();
                    after.close();
                });
    }

    private void tear() {
        try (DiskFile file = sim.disk().open(FOLDER.resolve("keys"))) {
            file.write(ByteBuffer.wrap(new byte[] {'#', '#'}), file.size() - 6);
            file.force();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theirNumberIsBounded() {
        var index = new Index(sim.time(), 1);
        for (int i = 0; i < AcceptIds.KEPT_MAX + 10; i++) {
            index.acceptIds.keep(new KeptKeys.Kept("k" + i, i + 1, index.nowMillis()));
        }
        assertThat(index.acceptIds.kept()).hasSize(AcceptIds.KEPT_MAX);
        assertThat(index.acceptIds.claim("k9")).isZero();
        assertThat(index.acceptIds.claim("k10")).isEqualTo(11);
    }
}

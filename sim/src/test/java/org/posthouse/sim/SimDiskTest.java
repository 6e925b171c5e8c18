package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.NoSpaceException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The contract, and what a crash leaves. */
class SimDiskTest extends DiskContract {
    private static final int SEEDS = 200;

    private final SimPlatform sim = new SimPlatform(11);
    private final Path root = Path.of("/data");

    SimDiskTest() throws IOException {
        sim.disk().createDirectories(root);
    }

    @Override
    Disk disk() {
        return sim.disk();
    }

    @Override
    Path root() {
        return root;
    }

    /** A thing to do in a new world. */
    interface Work {
        void on(SimDisk disk) throws IOException;
    }

    /** What one file holds after a power cut, over many seeds; "-" when it is gone. */
    private Set<String> afterPowerCut(String name, Work work) throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SimPlatform before = new SimPlatform(seed);
            before.disk().createDirectories(root);
            work.on(before.disk());
            SimDisk after = before.restart(SimLoss.POWER).disk();
            Path path = root.resolve(name);
            outcomes.add(after.exists(path) ? new String(after.contents(path), "L1") : "-");
        }
        return outcomes;
    }

    private DiskFile file(SimDisk disk, String name, String text) throws IOException {
        DiskFile file = disk.create(root.resolve(name));
        file.write(octets(text), 0);
        return file;
    }

    @Test
    void whatWasForcedStays() throws IOException {
        Set<String> left =
                afterPowerCut(
                        "a",
                        disk -> {
                            file(disk, "a", "forced").force();
                            disk.forceDirectory(root);
                        });
        assertThat(left).containsExactly("forced");
    }

    @Test
    void anUnforcedNameMayBeLostAndAnUnforcedWriteToo() throws IOException {
        assertThat(afterPowerCut("a", disk -> file(disk, "a", "x").force()))
                .containsExactlyInAnyOrder("-", "x");
        Set<String> left =
                afterPowerCut(
                        "a",
                        disk -> {
                            file(disk, "a", "x");
                            disk.forceDirectory(root);
                        });
        assertThat(left).containsExactlyInAnyOrder("", "x", "\0");
    }

    @Test
    void unforcedWritesTearAtSectorsAndInAnyOrder() throws IOException {
        Set<String> left =
                afterPowerCut(
                        "a",
                        disk -> {
                            DiskFile file = file(disk, "a", "-".repeat(1024));
                            file.force();
                            disk.forceDirectory(root);
                            file.write(octets("A".repeat(1024)), 0);
                            file.write(octets("B".repeat(100)), 500);
                        });
        Set<String> shapes = new TreeSet<>();
        for (String text : left) {
            assertThat(text).hasSize(1024);
            shapes.add(
                    "" + text.charAt(0) + text.charAt(505) + text.charAt(550) + text.charAt(1023));
        }
        assertThat(shapes).contains("----", "ABBA", "AAAA", "-BB-", "AA--", "--AA", "AB--", "--BA");
    }

    @Test
    void aKilledProcessLeavesEverythingAndNothingIsForced() throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            SimPlatform before = new SimPlatform(seed);
            before.disk().createDirectories(root);
            file(before.disk(), "a", "x");
            SimPlatform between = before.restart(SimLoss.PROCESS);
            assertThat(between.disk().contents(root.resolve("a"))).hasSize(1);
            assertThat(between.disk().hasUnforced(root.resolve("a"))).isTrue();
        }
        Set<Boolean> exists = new TreeSet<>();
        for (long seed = 0; seed < 50; seed++) {
            SimPlatform before = new SimPlatform(seed);
            before.disk().createDirectories(root);
            file(before.disk(), "a", "x");
            exists.add(
                    before.restart(SimLoss.PROCESS)
                            .restart(SimLoss.POWER)
                            .disk()
                            .exists(root.resolve("a")));
        }
        assertThat(exists).containsExactlyInAnyOrder(false, true);
    }

    @Test
    void aRenameHappensWholeOrNotAtAll() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SimPlatform before = new SimPlatform(seed);
            SimDisk disk = before.disk();
            disk.createDirectories(root);
            file(disk, "old", "old").force();
            file(disk, "new", "new").force();
            disk.forceDirectory(root);
            disk.rename(root.resolve("new"), root.resolve("old"));
            SimDisk after = before.restart(SimLoss.POWER).disk();
            seen.add(after.list(root) + new String(after.contents(root.resolve("old")), "L1"));
        }
        assertThat(seen).containsExactly("[new, old]old", "[old]new");
    }

    @Test
    void anUnforcedDeleteMayComeBackAndAForcedOneDoesNot() throws IOException {
        Work deleted =
                disk -> {
                    file(disk, "a", "x").force();
                    disk.forceDirectory(root);
                    disk.delete(root.resolve("a"));
                };
        assertThat(afterPowerCut("a", deleted)).containsExactlyInAnyOrder("-", "x");
        Work forced =
                disk -> {
                    deleted.on(disk);
                    disk.forceDirectory(root);
                };
        assertThat(afterPowerCut("a", forced)).containsExactly("-");
    }

    @Test
    void aNameMayStandThoughItsCreationWasNeverForced() throws IOException {
        Work moved =
                disk -> {
                    disk.createDirectories(root.resolve("tmp"));
                    file(disk, "tmp/a", "mail").force();
                    disk.rename(root.resolve("tmp/a"), root.resolve("a"));
                    disk.forceDirectory(root);
                };
        assertThat(afterPowerCut("a", moved)).containsExactly("mail");
    }

    @Test
    void aDirectoryThatWasNotForcedMayGoWithAllThatIsInIt() throws IOException {
        Work unforced =
                disk -> {
                    Path directory = root.resolve("d");
                    disk.fail(SimDiskOperation.FORCE_DIRECTORY, 2, SimDiskFailure.NO_SPACE);
                    assertThatThrownBy(() -> disk.createDirectories(directory))
                            .isInstanceOf(NoSpaceException.class);
                    file(disk, "d/a", "x").force();
                    disk.forceDirectory(directory);
                };
        assertThat(afterPowerCut("d/a", unforced)).containsExactlyInAnyOrder("-", "x");
        Work again =
                disk -> {
                    unforced.on(disk);
                    disk.createDirectories(root.resolve("d"));
                };
        assertThat(afterPowerCut("d/a", again)).containsExactly("x");
    }

    @Test
    void directoriesThatAKilledProcessMadeAreDurableWhenAskedForAgain() throws IOException {
        Path deep = root.resolve("x/y");
        Set<Boolean> kept = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SimPlatform before = new SimPlatform(seed);
            before.disk().crashAt(1 + seed % 6);
            assertThatThrownBy(() -> before.run(() -> before.disk().createDirectories(deep)))
                    .isInstanceOf(SimCrash.class);
            kept.add(before.restart(SimLoss.PROCESS).restart(SimLoss.POWER).disk().exists(deep));
            SimPlatform next = before.restart(SimLoss.PROCESS);
            next.disk().createDirectories(deep);
            assertThat(next.restart(SimLoss.POWER).disk().exists(deep)).isTrue();
        }
        assertThat(kept).containsExactlyInAnyOrder(false, true);
    }

    @Test
    void aTruncationMayBeUndone() throws IOException {
        Set<String> left =
                afterPowerCut(
                        "a",
                        disk -> {
                            DiskFile file = file(disk, "a", "1234");
                            file.force();
                            disk.forceDirectory(root);
                            file.truncate(2);
                        });
        assertThat(left).containsExactlyInAnyOrder("12", "1234");
    }

    @Test
    void afterAFailedForceNothingIsCertainHoweverOftenOneForces() throws IOException {
        Set<String> left =
                afterPowerCut(
                        "a",
                        disk -> {
                            DiskFile file = file(disk, "a", "1");
                            file.force();
                            disk.forceDirectory(root);
                            file.write(octets("2"), 0);
                            disk.fail(SimDiskOperation.FORCE, 1, SimDiskFailure.INPUT_OUTPUT_ERROR);
                            assertThatThrownBy(file::force).hasMessageContaining("Input/output");
                            file.write(octets("x"), 1);
                            file.force();
                        });
        assertThat(left).containsExactlyInAnyOrder("1x", "2x");
    }

    @Test
    void failuresComeAsPlanned() throws IOException {
        SimDisk disk = sim.disk();
        DiskFile file = file(disk, "a", "1");
        disk.fail(SimDiskOperation.WRITE, 2, SimDiskFailure.NO_SPACE);
        file.write(octets("2"), 0);
        ByteBuffer kept = octets("3");
        assertThatThrownBy(() -> file.write(kept, 0)).isInstanceOf(NoSpaceException.class);
        assertThat(kept.remaining()).isEqualTo(1);
        file.write(octets("4"), 0);
        assertThat(text(file)).isEqualTo("4");
        disk.failAll(SimDiskOperation.RENAME, SimDiskFailure.INPUT_OUTPUT_ERROR);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> disk.rename(root.resolve("a"), root.resolve("b")))
                    .hasMessageContaining("/data/a: RENAME: Input/output error");
        }
        disk.heal();
        disk.rename(root.resolve("a"), root.resolve("b"));
        assertThat(disk.count(SimDiskOperation.RENAME)).isEqualTo(4);
    }

    @Test
    void aFullDiskTakesWhatFitsAndIsFreedByDeleting() throws IOException {
        SimDisk disk = sim.disk();
        disk.capacity(10);
        DiskFile file = file(disk, "a", "12345678");
        assertThat(disk.usableOctets(root)).isEqualTo(2);
        assertThatThrownBy(() -> file.write(octets("abcd"), 8))
                .isInstanceOf(NoSpaceException.class)
                .hasMessage("/data/a: No space left on device");
        file.write(octets("X"), 0);
        file.truncate(4);
        assertThat(disk.usableOctets(root)).isEqualTo(6);
        disk.delete(root.resolve("a"));
        assertThat(disk.usableOctets(root)).isEqualTo(10);
    }

    @Test
    void theMachineDiesInTheMiddle() throws IOException {
        List<String> lived = new ArrayList<>();
        sim.disk().crashAt(4);
        assertThatThrownBy(
                        () ->
                                sim.run(
                                        () -> {
                                            sim.threads().start("other", () -> liveOn(lived));
                                            writeForEver();
                                        }))
                .isInstanceOf(SimCrash.class)
                .hasMessageContaining("WRITE /data/a");
        assertThat(lived).isEmpty();
        assertThatThrownBy(() -> sim.run(() -> {})).isInstanceOf(IllegalStateException.class);
        SimPlatform next = sim.restart(SimLoss.POWER);
        next.run(() -> next.advance(Duration.ofHours(1)));
        assertThat(next.time().now()).isAfter(sim.time().now());
    }

    private void liveOn(List<String> lived) {
        sim.advance(Duration.ofSeconds(1));
        lived.add("on");
    }

    private void writeForEver() throws IOException {
        try (DiskFile file = file(sim.disk(), "a", "0")) {
            while (true) {
                file.write(octets("1"), 0);
            }
        }
    }

    @Test
    void aSwallowedCrashStillEndsTheWorld() {
        sim.disk().crashAt(1);
        assertThatThrownBy(
                        () ->
                                sim.run(
                                        () -> {
                                            try {
                                                file(sim.disk(), "a", "0");
                                            } catch (Throwable e) {
                                                assertThatThrownBy(() -> sim.disk().list(root))
                                                        .isInstanceOf(SimCrash.class);
                                            }
                                        }))
                .isInstanceOf(SimCrash.class);
    }

    @Test
    void forcesTakeVirtualTimeAndInterruptsDoNotEndThem() {
        sim.disk().forceTakes(Duration.ofMillis(7));
        long start = sim.time().nanos();
        sim.run(
                () -> {
                    try (DiskFile file = sim.disk().create(root.resolve("a"))) {
                        Thread.currentThread().interrupt();
                        file.force();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                    assertThat(Thread.interrupted()).isTrue();
                });
        assertThat(sim.time().nanos() - start).isEqualTo(7_000_000);
    }

    @Test
    void preallocatedFilesAndForcesAreCheap() throws IOException {
        try (DiskFile file = sim.disk().create(root.resolve("segment"))) {
            for (int i = 0; i < 64; i++) {
                file.write(ByteBuffer.allocate(1 << 20), (long) i << 20);
            }
            file.force();
            for (int i = 0; i < 20_000; i++) {
                file.write(octets("frame"), i * 100L);
                file.force();
            }
            assertThat(file.size()).isEqualTo(64L << 20);
        }
    }
}

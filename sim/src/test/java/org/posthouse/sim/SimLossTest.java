package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** What each rule leaves, and what no rule takes. */
class SimLossTest {
    private static final Path ROOT = Path.of("/data");
    private static final Path A = ROOT.resolve("a");
    private static final Path B = ROOT.resolve("b");
    private static final String GONE = "(gone)";

    /** A thing to do in a new world. */
    interface Work {
        void on(SimDisk disk) throws IOException;
    }

    private static SimPlatform after(Work work) throws IOException {
        SimPlatform sim = new SimPlatform(1);
        sim.disk().createDirectories(ROOT);
        work.on(sim.disk());
        return sim;
    }

    /** What each rule leaves of a file; {@link #GONE} is one. */
    private static Map<SimLoss, String> left(Path path, Work work) throws IOException {
        SimPlatform sim = after(work);
        Map<SimLoss, String> left = new EnumMap<>(SimLoss.class);
        for (SimLoss loss : SimLoss.values()) {
            if (loss != SimLoss.POWER) {
                SimDisk disk = sim.restart(loss).disk();
                left.put(loss, disk.exists(path) ? text(disk, path) : GONE);
            }
        }
        return left;
    }

    private static String text(SimDisk disk, Path path) {
        return new String(disk.contents(path), ISO_8859_1);
    }

    private static ByteBuffer octets(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    /** A file that is all forced, under its name. */
    private static DiskFile forced(SimDisk disk, Path path, String text) throws IOException {
        DiskFile file = disk.create(path);
        file.write(octets(text), 0);
        file.force();
        disk.forceDirectory(ROOT);
        return file;
    }

    /** So many sectors of each letter. */
    private static String sectors(String letters) {
        StringBuilder text = new StringBuilder();
        letters.chars().forEach(letter -> text.repeat(letter, 512));
        return text.toString();
    }

    @Test
    void writesOverForcedOctetsAreKeptLostOrTorn() throws IOException {
        Map<SimLoss, String> left =
                left(
                        A,
                        disk -> {
                            DiskFile file = forced(disk, A, sectors("------"));
                            file.write(octets(sectors("abcd")), 512);
                            file.write(octets(sectors("x")), 512);
                        });
        assertThat(left)
                .containsEntry(SimLoss.PROCESS, sectors("-xbcd-"))
                .containsEntry(SimLoss.POWER_KEEPS_ALL, sectors("-xbcd-"))
                .containsEntry(SimLoss.POWER_KEEPS_WRITES, sectors("-xbcd-"))
                .containsEntry(SimLoss.POWER_KEEPS_NOTHING, sectors("------"))
                .containsEntry(SimLoss.POWER_KEEPS_NAMES, sectors("------"))
                .containsEntry(SimLoss.POWER_KEEPS_LENGTHS, sectors("------"))
                .containsEntry(SimLoss.POWER_KEEPS_HEADS, sectors("-ab---"))
                .containsEntry(SimLoss.POWER_KEEPS_TAILS, sectors("-x-cd-"))
                .containsEntry(SimLoss.POWER_KEEPS_EVERY_OTHER, sectors("-x-c--"))
                .containsEntry(SimLoss.POWER_KEEPS_NEWEST, sectors("-x----"));
    }

    @Test
    void sectorsTearWhereTheFileHasThem() throws IOException {
        Map<SimLoss, String> left =
                left(
                        A,
                        disk -> {
                            DiskFile file = forced(disk, A, sectors("--"));
                            file.write(octets("x".repeat(100)), 500);
                        });
        assertThat(left.get(SimLoss.POWER_KEEPS_HEADS))
                .isEqualTo("-".repeat(500) + "x".repeat(12) + sectors("-"));
        assertThat(left.get(SimLoss.POWER_KEEPS_TAILS))
                .isEqualTo(sectors("-") + "x".repeat(88) + "-".repeat(424));
    }

    /** A file that grows: an append may be long and empty, or have a hole, or be forgotten. */
    @Test
    void appendsAreKeptLostOrTorn() throws IOException {
        Map<SimLoss, String> left =
                left(
                        A,
                        disk -> {
                            DiskFile file = forced(disk, A, sectors("-"));
                            file.write(octets(sectors("ab")), 512);
                            file.write(octets(sectors("cd")), 3 * 512);
                        });
        assertThat(left)
                .containsEntry(SimLoss.PROCESS, sectors("-abcd"))
                .containsEntry(SimLoss.POWER_KEEPS_ALL, sectors("-abcd"))
                .containsEntry(SimLoss.POWER_KEEPS_WRITES, sectors("-abcd"))
                .containsEntry(SimLoss.POWER_KEEPS_NOTHING, sectors("-"))
                .containsEntry(SimLoss.POWER_KEEPS_NAMES, sectors("-"))
                .containsEntry(SimLoss.POWER_KEEPS_LENGTHS, sectors("-\0\0\0\0"))
                .containsEntry(SimLoss.POWER_KEEPS_HEADS, sectors("-a\0c"))
                .containsEntry(SimLoss.POWER_KEEPS_TAILS, sectors("-\0b\0d"))
                .containsEntry(SimLoss.POWER_KEEPS_EVERY_OTHER, sectors("-a\0c\0"))
                .containsEntry(SimLoss.POWER_KEEPS_NEWEST, sectors("-\0\0cd"));
    }

    @Test
    void aForcedAppendStaysWithItsLength() throws IOException {
        Map<SimLoss, String> left =
                left(
                        A,
                        disk -> {
                            DiskFile file = forced(disk, A, "-");
                            file.write(octets("forced"), 1);
                            file.force();
                        });
        assertThat(left.values()).containsOnly("-forced");
    }

    @Test
    void aCutIsKeptOrLostAndSoIsWhatIsAppendedAfterIt() throws IOException {
        Map<SimLoss, String> left =
                left(
                        A,
                        disk -> {
                            DiskFile file = forced(disk, A, "12345678");
                            file.truncate(4);
                            file.write(octets("xx"), 4);
                        });
        assertThat(left)
                .containsEntry(SimLoss.PROCESS, "1234xx")
                .containsEntry(SimLoss.POWER_KEEPS_ALL, "1234xx")
                .containsEntry(SimLoss.POWER_KEEPS_WRITES, "1234xx")
                .containsEntry(SimLoss.POWER_KEEPS_NOTHING, "12345678")
                .containsEntry(SimLoss.POWER_KEEPS_NAMES, "12345678")
                .containsEntry(SimLoss.POWER_KEEPS_LENGTHS, "1234\0\0")
                .containsEntry(SimLoss.POWER_KEEPS_HEADS, "12345678")
                .containsEntry(SimLoss.POWER_KEEPS_TAILS, "1234xx")
                .containsEntry(SimLoss.POWER_KEEPS_EVERY_OTHER, "1234xx")
                .containsEntry(SimLoss.POWER_KEEPS_NEWEST, "1234xx78");
    }

    @Test
    void aForcedCutStays() throws IOException {
        Work cut =
                disk -> {
                    DiskFile file = forced(disk, A, "12345678");
                    file.truncate(4);
                    file.force();
                };
        assertThat(left(A, cut).values()).containsOnly("1234");
    }

    /** Forcing a file does not force its name, but the octets are there where the name is. */
    @Test
    void aFileThatWasMadeAndForcedButNotNamedMayBeGoneOrIsWhole() throws IOException {
        Map<SimLoss, String> left =
                left(
                        A,
                        disk -> {
                            DiskFile file = disk.create(A);
                            file.write(octets("forced"), 0);
                            file.force();
                        });
        assertThat(left.values()).containsOnly("forced", GONE);
        assertThat(left)
                .containsEntry(SimLoss.PROCESS, "forced")
                .containsEntry(SimLoss.POWER_KEEPS_NAMES, "forced")
                .containsEntry(SimLoss.POWER_KEEPS_LENGTHS, "forced")
                .containsEntry(SimLoss.POWER_KEEPS_NOTHING, GONE)
                .containsEntry(SimLoss.POWER_KEEPS_WRITES, GONE);
    }

    /** And the other way round: the name is there, the file is empty, or long and empty. */
    @Test
    void aFileThatWasNamedButNotForcedMayBeEmpty() throws IOException {
        Map<SimLoss, String> left =
                left(
                        A,
                        disk -> {
                            disk.create(A).write(octets("text"), 0);
                            disk.forceDirectory(ROOT);
                        });
        assertThat(left)
                .containsEntry(SimLoss.PROCESS, "text")
                .containsEntry(SimLoss.POWER_KEEPS_WRITES, "text")
                .containsEntry(SimLoss.POWER_KEEPS_NOTHING, "")
                .containsEntry(SimLoss.POWER_KEEPS_LENGTHS, "\0\0\0\0");
    }

    @Test
    void aDeletedFileMayComeBackUntilItsDirectoryIsForced() throws IOException {
        Work delete =
                disk -> {
                    forced(disk, A, "old");
                    disk.delete(A);
                };
        assertThat(left(A, delete))
                .containsEntry(SimLoss.PROCESS, GONE)
                .containsEntry(SimLoss.POWER_KEEPS_ALL, GONE)
                .containsEntry(SimLoss.POWER_KEEPS_NAMES, GONE)
                .containsEntry(SimLoss.POWER_KEEPS_NOTHING, "old")
                .containsEntry(SimLoss.POWER_KEEPS_WRITES, "old")
                .containsEntry(SimLoss.POWER_KEEPS_TAILS, "old");
        Work forced =
                disk -> {
                    delete.on(disk);
                    disk.forceDirectory(ROOT);
                };
        assertThat(left(A, forced).values()).containsOnly(GONE);
    }

    @Test
    void aNameThatIsUsedAgainMayStandForTheOldFile() throws IOException {
        Map<SimLoss, String> left =
                left(
                        A,
                        disk -> {
                            forced(disk, A, "old");
                            disk.delete(A);
                            DiskFile file = disk.create(A);
                            file.write(octets("new"), 0);
                            file.force();
                        });
        assertThat(left.values()).containsOnly("old", "new");
        assertThat(left)
                .containsEntry(SimLoss.POWER_KEEPS_NOTHING, "old")
                .containsEntry(SimLoss.POWER_KEEPS_NAMES, "new");
    }

    @Test
    void aRenameIsKeptOrLost() throws IOException {
        Work rename =
                disk -> {
                    forced(disk, A, "new");
                    forced(disk, B, "old");
                    disk.rename(A, B);
                };
        assertThat(left(B, rename))
                .containsEntry(SimLoss.PROCESS, "new")
                .containsEntry(SimLoss.POWER_KEEPS_NAMES, "new")
                .containsEntry(SimLoss.POWER_KEEPS_NOTHING, "old");
        assertThat(left(A, rename)).containsEntry(SimLoss.POWER_KEEPS_NOTHING, "new");
    }

    @Test
    void theNewestWriteOfAllFilesComesAlone() throws IOException {
        Work both =
                disk -> {
                    DiskFile first = forced(disk, A, "-");
                    DiskFile second = forced(disk, B, "-");
                    second.write(octets("1"), 0);
                    first.write(octets("2"), 0);
                    second.write(octets("3"), 0);
                };
        assertThat(left(A, both)).containsEntry(SimLoss.POWER_KEEPS_NEWEST, "-");
        assertThat(left(B, both)).containsEntry(SimLoss.POWER_KEEPS_NEWEST, "3");
    }

    @Test
    void aKilledProcessForcesNothingForTheNextOne() throws IOException {
        SimPlatform sim =
                after(
                        disk -> {
                            DiskFile file = forced(disk, A, "old");
                            file.write(octets("new"), 0);
                        });
        SimPlatform idle = sim.restart(SimLoss.PROCESS);
        assertThat(text(idle.restart(SimLoss.POWER_KEEPS_NOTHING).disk(), A)).isEqualTo("old");
        SimPlatform forcing = sim.restart(SimLoss.PROCESS);
        try (DiskFile file = forcing.disk().open(A)) {
            file.force();
        }
        assertThat(text(forcing.restart(SimLoss.POWER_KEEPS_NOTHING).disk(), A)).isEqualTo("new");
        assertThat(text(sim.restart(SimLoss.POWER_KEEPS_NOTHING).disk(), A)).isEqualTo("old");
    }

    /** What is there when the process dies at the only operation of this work. */
    private static SimPlatform dies(boolean within, Work before, Work work) throws IOException {
        SimPlatform sim = after(before);
        if (within) {
            sim.disk().crashWithin(1);
        } else {
            sim.disk().crashBefore(1);
        }
        assertThatThrownBy(() -> sim.run(() -> work.on(sim.disk()))).isInstanceOf(SimCrash.class);
        return sim;
    }

    @Test
    void aWriteEndsHalfWay() throws IOException {
        Work write =
                disk -> {
                    try (DiskFile file = disk.open(A)) {
                        file.write(octets("x".repeat(2000)), 2);
                    }
                };
        Work before = disk -> forced(disk, A, "ab");
        assertThat(text(dies(false, before, write).restart(SimLoss.PROCESS).disk(), A))
                .isEqualTo("ab");
        assertThat(text(dies(true, before, write).restart(SimLoss.PROCESS).disk(), A))
                .isEqualTo("ab" + "x".repeat(510));
    }

    @Test
    void aWriteWithinASectorIsDoneOrNot() throws IOException {
        Work write =
                disk -> {
                    try (DiskFile file = disk.open(A)) {
                        file.write(octets("123456"), 2);
                    }
                };
        Work before = disk -> forced(disk, A, "ab");
        assertThat(text(dies(true, before, write).restart(SimLoss.PROCESS).disk(), A))
                .isEqualTo("ab");
    }

    @Test
    void aForceIsDoneOrNot() throws IOException {
        Work before = disk -> forced(disk, A, "old").write(octets("new"), 0);
        Work force =
                disk -> {
                    try (DiskFile file = disk.open(A)) {
                        file.force();
                    }
                };
        SimLoss loss = SimLoss.POWER_KEEPS_NOTHING;
        assertThat(text(dies(false, before, force).restart(loss).disk(), A)).isEqualTo("old");
        assertThat(text(dies(true, before, force).restart(loss).disk(), A)).isEqualTo("new");
    }

    @Test
    void aChangeOfNamesIsDoneOrNot() throws IOException {
        Work before = disk -> forced(disk, A, "x");
        for (Work work : new Work[] {disk -> disk.delete(A), disk -> disk.rename(A, B)}) {
            SimLoss loss = SimLoss.POWER_KEEPS_ALL;
            assertThat(dies(false, before, work).restart(loss).disk().exists(A)).isTrue();
            assertThat(dies(true, before, work).restart(loss).disk().exists(A)).isFalse();
        }
        Work deleted =
                disk -> {
                    forced(disk, A, "x");
                    disk.delete(A);
                };
        Work force = disk -> disk.forceDirectory(ROOT);
        SimLoss loss = SimLoss.POWER_KEEPS_NOTHING;
        assertThat(dies(false, deleted, force).restart(loss).disk().exists(A)).isTrue();
        assertThat(dies(true, deleted, force).restart(loss).disk().exists(A)).isFalse();
    }
}

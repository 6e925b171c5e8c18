package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.core.SpoolId;
import org.posthouse.daemon.config.Golden;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.spool.SpoolLog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** The commands on a real folder. */
class SpoolCommandTest {
    private static final String RESOURCES = "daemon/src/test/resources/org/posthouse/daemon/";
    private static final int HEADER_OCTETS = 48;

    @TempDir private Path folder;
    private Path data;
    private SpoolFolder spool;

    @BeforeEach
    void make() throws Exception {
        data = folder.resolve("data");
        spool = SpoolFolder.make(data.resolve("spool"));
    }

    private void golden(String file, String text) throws IOException {
        Golden.check(RESOURCES + file, text.replace(folder.toString(), "FOLDER"));
    }

    /** A line of a dump, and a number in it. */
    private long number(String line, String name) {
        String behind = line.substring(line.indexOf("\"" + name + "\":") + name.length() + 3);
        return Long.parseLong(behind.substring(0, behind.indexOf(',')));
    }

    private List<String> dump(Object... more) {
        Object[] words = new Object[3 + more.length];
        words[0] = "spool";
        words[1] = "dump";
        words[2] = data;
        System.arraycopy(more, 0, words, 3, more.length);
        CommandRun run = CommandRun.of(words);
        assertThat(run.exit()).isZero();
        return run.out().lines().toList();
    }

    private String frame(String type, String part) {
        return dump().stream()
                .filter(line -> line.startsWith("{\"type\":\"" + type) && line.contains(part))
                .findFirst()
                .orElseThrow();
    }

    private void flip(String frame, int at) throws IOException {
        String file = frame.replaceAll(".*\"file\":\"([^\"]*)\".*", "$1");
        spool.flip(file, number(frame, "position") + HEADER_OCTETS + at);
    }

    @Test
    void healthySpool() throws IOException {
        CommandRun text = CommandRun.of("spool", "check", data);
        assertThat(text.exit()).isZero();
        assertThat(text.err()).isEmpty();
        golden("spool-check.txt", text.out());
        CommandRun json = CommandRun.of("spool", "check", "--json", spool.directory);
        assertThat(json.exit()).isZero();
        golden("spool-check.json", json.out());
    }

    @Test
    void everythingInItIsDumped() throws IOException {
        golden("spool-dump.jsonl", String.join("\n", dump()) + "\n");
    }

    @Test
    void oneMessageIsDumped() {
        String id = spool.ids.getFirst().toString();
        List<String> lines = dump("--message", id.toLowerCase(java.util.Locale.ROOT));
        assertThat(lines).hasSizeGreaterThan(2);
        assertThat(lines.getFirst()).contains("\"type\":\"chunk\"").contains(id);
        assertThat(lines.getLast()).contains("\"record\":\"settle\"").contains(id);
    }

    @Test
    void oneSegmentIsDumped() {
        assertThat(dump("--segment", 1)).allMatch(line -> line.contains("\"segment-00000001\""));
        CommandRun none = CommandRun.of("spool", "dump", data, "--segment", 99);
        assertThat(none.exit()).isEqualTo(Exit.NO_INPUT);
        assertThat(none.err()).contains("there is no segment 99");
    }

    @Test
    void messageIsExportedWithItsEnvelope() throws IOException {
        SpoolId id = spool.ids.getFirst();
        Path out = Files.createDirectory(folder.resolve("out"));
        CommandRun run = CommandRun.of("spool", "export", id, data, "--output", out);
        assertThat(run.exit()).isZero();
        assertThat(Files.readAllBytes(out.resolve(id + ".eml")))
                .isEqualTo(SpoolFolder.message(100));
        golden("spool-export.json", Files.readString(out.resolve(id + ".json")));
        assertThat(Files.getPosixFilePermissions(out.resolve(id + ".eml"))).hasSize(2);

        CommandRun again = CommandRun.of("spool", "export", id, data, "--output", out);
        assertThat(again.exit()).isEqualTo(Exit.CANT_CREATE);
        assertThat(again.err()).contains("exists already");
    }

    @Test
    void messageIsExportedUnderAnotherName() throws IOException {
        SpoolId large = spool.ids.get(2);
        Path name = folder.resolve("new/big.eml");
        CommandRun run = CommandRun.of("spool", "export", large, data, "--output", name);
        assertThat(run.exit()).isZero();
        assertThat(Files.readAllBytes(name)).isEqualTo(SpoolFolder.message(400_000));
        assertThat(folder.resolve("new/big.json")).exists();
    }

    @Test
    void messageIsExportedToStandardOutput() {
        PrintStream before = System.out;
        var octets = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(octets, false, StandardCharsets.US_ASCII));
            SpoolId id = spool.ids.get(1);
            CommandRun run = CommandRun.of("spool", "export", id, data, "--output", "-");
            assertThat(run.exit()).isZero();
            assertThat(run.out()).isEmpty();
        } finally {
            System.setOut(before);
        }
        assertThat(octets.toByteArray()).isEqualTo(SpoolFolder.message(150_000));
    }

    @Test
    void allMessagesAreExported() throws IOException {
        Path out = folder.resolve("out");
        CommandRun run = CommandRun.of("spool", "export", "--all", data, "--output", out);
        assertThat(run.exit()).isZero();
        assertThat(run.err()).contains("4 messages written");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.filter(file -> file.toString().endsWith(".eml"))).hasSize(4);
        }
        assertThat(Files.readAllBytes(out.resolve(spool.ids.get(2) + ".eml")))
                .isEqualTo(SpoolFolder.message(400_000));
    }

    @Test
    void messageThatIsNotQueued() {
        CommandRun run = CommandRun.of("spool", "export", "1ZZZZZZZZZZZZ", data);
        assertThat(run.exit()).isEqualTo(Exit.NO_INPUT);
        assertThat(run.err()).contains("error[PH-S016]: there is no message 1ZZZZZZZZZZZZ");
        String settled =
                frame("commit", "gone@z.example").replaceAll(".*?\"id\":\"(.*?)\".*", "$1");
        assertThat(CommandRun.of("spool", "export", settled, data).err()).contains("is done");
    }

    @Test
    void flippedBitInAChunk() throws IOException {
        SpoolId id = spool.ids.get(1);
        flip(dump("--message", id).get(1), 777);
        CommandRun check = CommandRun.of("spool", "check", data);
        assertThat(check.exit()).isEqualTo(Exit.DATA);
        golden("spool-check-chunk.txt", check.out());
        CommandRun json = CommandRun.of("spool", "check", "--json", data);
        assertThat(json.exit()).isEqualTo(Exit.DATA);
        golden("spool-check-chunk.json", json.out());

        Path name = folder.resolve("out");
        CommandRun export = CommandRun.of("spool", "export", id, data, "--output", name);
        assertThat(export.exit()).isEqualTo(Exit.DATA);
        assertThat(export.err()).contains("error[PH-S017]").contains("65 536 octets from octet");
        assertThat(Files.readAllBytes(folder.resolve("out.eml")))
                .hasSize(SpoolFolder.message(150_000).length);
        assertThat(folder.resolve("out.json")).content().contains("\"exported\":true");
        CommandRun all =
                CommandRun.of("spool", "export", "--all", data, "--output", folder.resolve("all"));
        assertThat(all.exit()).isEqualTo(Exit.DATA);
        assertThat(all.err()).contains("4 messages written, 1 of them not whole");
    }

    @Test
    void flippedBitInASettleRecord() throws IOException {
        flip(frame("commit", "\"record\":\"settle\""), 40);
        CommandRun check = CommandRun.of("spool", "check", data);
        assertThat(check.exit()).isEqualTo(Exit.DATA);
        assertThat(check.out())
                .contains("DAMAGE    1 place; posthouse help PH-S015")
                .contains("a commit, does not fit its checksum")
                .contains("touches " + spool.ids.getFirst());
    }

    @Test
    void flippedBitInAHeader() throws IOException {
        spool.flip("segment-00000001", 30);
        CommandRun check = CommandRun.of("spool", "check", data);
        assertThat(check.exit()).isEqualTo(Exit.DATA);
        assertThat(check.out())
                .contains("segment-00000001")
                .contains("header A")
                .contains("4 messages");
    }

    @Test
    void deletedFileOfLargeContent() throws IOException {
        Files.delete(spool.directory.resolve("bulk-00000001"));
        CommandRun check = CommandRun.of("spool", "check", data);
        assertThat(check.exit()).isEqualTo(Exit.DATA);
        assertThat(check.out()).contains("the file is not there");
        assertThat(check.out()).contains(spool.ids.get(2) + " lacks 400.0 kB of its content");
    }

    @Test
    void tornTailIsNoDamage() throws IOException {
        List<String> lines = dump();
        String last =
                lines.stream()
                        .filter(line -> line.contains("\"state\":\"tail\""))
                        .reduce("", (before, line) -> line);
        flip(last, 5);
        CommandRun check = CommandRun.of("spool", "check", data);
        assertThat(check.exit()).isZero();
        assertThat(check.out()).contains("damage    none").doesNotContain("0 octets cut");
    }

    @Test
    void newerFormat() throws IOException {
        Path file = spool.directory.resolve("segment-00000001");
        byte[] octets = Files.readAllBytes(file);
        ByteBuffer header = ByteBuffer.wrap(octets);
        header.putInt(8, 99);
        var crc = new CRC32C();
        crc.update(octets, 0, 76);
        crc.update(new byte[8]);
        header.putInt(76, (int) crc.getValue());
        Files.write(file, octets);
        for (String verb : List.of("check", "dump")) {
            CommandRun run = CommandRun.of("spool", verb, data);
            assertThat(run.exit()).isEqualTo(Exit.UNAVAILABLE);
            assertThat(run.err())
                    .contains("error[PH-S011]")
                    .contains("format version 99")
                    .contains("help: posthouse help PH-S011");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void noSpool() {
        CommandRun run = CommandRun.of("spool", "check", folder.resolve("none"));
        assertThat(run.exit()).isEqualTo(Exit.NO_INPUT);
        assertThat(run.err()).contains("error[PH-S014]: there is no spool in");
    }

    @Test
    void spoolOfAConfiguration() throws IOException {
        Path config = folder.resolve("posthouse.toml");
        Files.writeString(config, "data = \"data\"\n[listener.in]\nbind = \"127.0.0.1:0\"\n");
        CommandRun run = CommandRun.of("spool", "check", "--config", config);
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith(spool.directory.toString());
        Files.writeString(config, "data = ");
        CommandRun bad = CommandRun.of("spool", "check", "--config", config);
        assertThat(bad.exit()).isEqualTo(Exit.CONFIG);
        assertThat(bad.err()).contains("error[PH-C011]");
    }

    @Test
    void misuse() {
        assertMisuse("not both", "spool", "check", data, "--config", "x");
        assertMisuse(
                "not both", "spool", "dump", "--segment", 1, "--message", spool.ids.getFirst());
        assertMisuse("no id of a message", "spool", "dump", "--message", "hello");
        assertMisuse("no id of a message", "spool", "export", "hello");
        assertMisuse("say which message", "spool", "export");
        assertMisuse("needs --output DIR", "spool", "export", "--all");
        assertMisuse("give no message", "spool", "export", "--all", "--output", "x", "a", "b");
        assertMisuse("Unknown option", "spool", "check", "--nonsense");
        assertMisuse("Usage: posthouse spool", "spool");
    }

    private static void assertMisuse(String text, Object... words) {
        CommandRun run = CommandRun.of(words);
        assertThat(run.exit()).isEqualTo(Exit.USAGE);
        assertThat(run.err()).contains(text);
    }

    /** Nothing is told of a live tail, and nothing is changed, not even a time. */
    @Test
    void spoolInUse() throws IOException {
        Path used = folder.resolve("used/spool");
        try (var platform = JdkPlatform.create(DnsSettings.servers(List.of()));
                var log = SpoolLog.open(platform, used, SpoolFolder.SMALL)) {
            SpoolId id = SpoolFolder.accept(log, 1000, "ada@x.example");
            Map<String, FileTime> before = times(used);
            CommandRun check = CommandRun.of("spool", "check", folder.resolve("used"));
            assertThat(check.exit()).isZero();
            assertThat(check.out())
                    .contains("in use    by process " + ProcessHandle.current().pid())
                    .contains("may be in motion")
                    .contains("damage    none");
            assertThat(CommandRun.of("spool", "check", "--json", used).out())
                    .contains("\"in_use_by\":\"process " + ProcessHandle.current().pid());
            assertThat(CommandRun.of("spool", "dump", used).err()).contains("in use by process");
            CommandRun export = CommandRun.of("spool", "export", id, used, "--output", folder);
            assertThat(export.exit()).isZero();
            assertThat(export.err()).contains("in use by process");
            assertThat(times(used)).isEqualTo(before);
        }
    }

    private static Map<String, FileTime> times(Path directory) throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
            }
        }
        times.put(".", Files.getLastModifiedTime(directory));
        return times;
    }
}

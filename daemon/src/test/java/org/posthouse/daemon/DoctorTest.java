package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.core.Dialogue;
import org.posthouse.core.Reply;
import org.posthouse.core.TlsLevel;
import org.posthouse.daemon.MachineCheck.Finding;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.relay.Probe;
import org.posthouse.relay.Probe.End;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code posthouse doctor}: what it finds, and what it says to do. */
class DoctorTest {
    private static final String LIMITS =
            """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             127540               127540               processes
            Max open files            %s                 524288               files
            """;

    @TempDir Path folder;

    private static List<Finding> findings(Consumer<Doctor> look) {
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            var doctor = new Doctor(platform);
            look.accept(doctor);
            return doctor.findings();
        }
    }

    private static Finding only(Consumer<Doctor> look) {
        List<Finding> all = findings(look);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Test
    void theDiskIsMeasuredAndLeftAsItWas() throws IOException {
        Path later = folder.resolve("data/of/later");
        Finding disk = only(doctor -> doctor.disk(later));
        assertThat(disk.text()).contains("a forced write takes ", " ms in " + folder);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void fewOpenFilesAreToldOf() {
        Finding few = only(doctor -> doctor.openFiles(LIMITS.formatted("1024"), "this shell"));
        assertThat(few.code()).isEqualTo("PH-S067");
        assertThat(few.text()).isEqualTo("this shell may have 1 024 open");
        assertThat(only(doctor -> doctor.openFiles(LIMITS.formatted("4096"), "x")).isFine())
                .isTrue();
        assertThat(only(doctor -> doctor.openFiles(LIMITS.formatted("unlimited"), "x")).text())
                .isEqualTo("x may have any number of open");
        assertThat(findings(doctor -> doctor.openFiles("nothing", "x"))).isEmpty();
    }

    @Test
    void aClockThatWasSetBackShowsByWhatWasWrittenBefore() throws IOException {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        Path old = Files.createDirectories(folder.resolve("spool")).resolve("segment-1");
        Files.writeString(old, "");
        Files.setLastModifiedTime(old, FileTime.from(now.plusSeconds(59)));
        Files.setLastModifiedTime(folder.resolve("spool"), FileTime.from(now));
        List<Path> folders = List.of(folder, folder.resolve("spool"), folder.resolve("none"));
        assertThat(ClockCheck.files(folders, now).isFine()).isTrue();
        Files.setLastModifiedTime(old, FileTime.from(now.plusSeconds(7200)));
        Finding back = ClockCheck.files(folders, now);
        assertThat(back.code()).isEqualTo("PH-S068");
        assertThat(back.text()).isEqualTo(old + " was written in 2h 0m: it is set back");
        assertThat(ClockCheck.files(List.of(), now).isFine()).isTrue();
    }

    private static Finding clocks(String now, long upMillis) {
        return ClockCheck.daemon(
                Map.of("started_at", "2026-03-01T12:00:00Z", "now", now, "up_ms", upMillis));
    }

    @Test
    void theTwoClocksOfADaemonGoAlike() {
        assertThat(clocks("2026-03-01T13:00:00Z", 3_600_000).isFine()).isTrue();
        assertThat(clocks("2026-03-01T13:00:00Z", 3_540_000).isFine()).isTrue();
        assertThat(clocks("2026-03-01T13:00:00Z", 1_800_000).text())
                .isEqualTo("it went forward by 30m since 2026-03-01T12:00:00Z");
        assertThat(clocks("2026-03-01T11:00:00Z", 1_800_000).code()).isEqualTo("PH-S068");
        assertThat(clocks("2026-03-01T11:00:00Z", 1_800_000).text()).startsWith("it went back by ");
    }

    private static Probe.Result walked(End end) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 25);
        return new Probe.Result.Walked(
                List.of(
                        new Probe.Tried("a", 1, address, TlsLevel.NONE, new End.Unreachable("x")),
                        new Probe.Tried("b", 1, address, TlsLevel.NONE, end)));
    }

    @Test
    void aHostThatAnswersIsAWayOut() {
        Reply no = Reply.of(554, "5.7.1", "not from there");
        Finding open =
                only(d -> d.wayOut("far.example", walked(new End.Failed(no, Dialogue.NONE))));
        assertThat(open.isFine()).isTrue();
        assertThat(open.text()).isEqualTo("hosts of far.example answer on port 25");
        Finding closed = only(d -> d.wayOut("far.example", walked(new End.Unreachable("y"))));
        assertThat(closed.code()).isEqualTo("PH-N012");
        assertThat(DoctorCommand.line(new Terminal(100, false), closed))
                .isEqualTo(
                        "way out     todo  no host of far.example can be reached on port 25"
                                + "   (PH-N012; ask who runs the network to open it, or use a"
                                + " smarthost)");
        Finding unknown = only(d -> d.wayOut("x.example", new Probe.Result.Nowhere(no)));
        assertThat(unknown.code()).isEqualTo("PH-N011");
    }

    @Test
    void recordsAreOneLineWhenAllAreRight() {
        DnsFinding fine = DnsFinding.ok("shop.example", "MX", "10 mail.shop.example");
        assertThat(only(d -> d.dns(List.of(fine, fine))).text()).isEqualTo("2 records are right");
        DnsFinding missing =
                DnsFinding.missing(DnsRecords.exchanger("shop.example", "mail.shop.example"));
        Finding told = only(d -> d.dns(List.of(fine, missing)));
        assertThat(told.text())
                .isEqualTo("MX shop.example is missing; publish 10 mail.shop.example.");
        assertThat(Doctor.next(told.code())).isEqualTo("publish the record");
    }

    /** Without a name server and a way out: both are told of, and the rest is looked at. */
    @Test
    void theCommandLooksAtAll() throws IOException {
        Path config = folder.resolve("posthouse.toml");
        Files.writeString(
                config,
                """
                hostname = "mail.shop.example"
                data = "data"
                [listener.a]
                bind = "unix:smtp.sock"
                [domains]
                local = ["shop.example"]
                [dns]
                servers = ["127.0.0.1:1"]
                timeout = "1s"
                """);
        CommandRun run = CommandRun.of("doctor", "--config", config, "--way-out", "far.example");
        assertThat(run.exit()).as(run.err()).isEqualTo(Exit.DIFFERENT);
        assertThat(run.out())
                .contains("config      ok", "relay proof ok    may relay to the outside: nobody")
                .contains(
                        "data        ",
                        "disk        ",
                        "clock       ok ",
                        "way out     todo  far.example: ")
                .contains("dns         todo  MX shop.example is unknown: ", "(PH-N011; ask again");
        CommandRun json =
                CommandRun.of("doctor", "--json", "--way-out", "none", "--config", config);
        assertThat(json.out().lines())
                .allMatch(line -> JsonReader.object(line).containsKey("next"))
                .noneMatch(line -> line.contains("\"way out\""));
    }
}

package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * What can go wrong outside says what it is, by code and without a stack trace, and loses nothing.
 */
@Tag("interop")
class TroubleTest {
    private static final int CONFIG = 78;
    private static final int UNAVAILABLE = 69;

    @TempDir Path folder;

    @Test
    void aBadConfigurationIsTold() {
        DaemonProcess.write(folder.resolve("posthouse.toml"), "hostnam = \"x\"\n[[relay]]\n");
        for (String command : new String[] {"run", "check"}) {
            SubProcess run = DaemonProcess.run(folder, command, "--config", "posthouse.toml");
            assertThat(run.exitCode()).isEqualTo(CONFIG);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .contains(
                            "error[PH-C014]: `hostnam` is not a setting or a section",
                            "posthouse.toml:1:1",
                            "did you mean `hostname`?",
                            "error[PH-C031]: this rule makes you an open relay",
                            "3 errors.")
                    .doesNotContain("\tat ", "Exception");
        }
    }

    @Test
    void aGoodConfigurationIsFine() {
        DaemonProcess.write(
                folder.resolve("posthouse.toml"), Configurations.LOCAL + Configurations.RELAY);
        SubProcess run = DaemonProcess.run(folder, "check", "--config", "posthouse.toml");
        assertThat(run.exitCode()).as(run.text()).isZero();
        assertThat(run.out()).contains("posthouse.toml  ok  1 listener, 1 relay rule, 0 routes");
    }

    @Test
    void theCommandLineHelps() {
        assertThat(DaemonProcess.run(folder, "--version").out()).startsWith("posthouse ");
        assertThat(DaemonProcess.run(folder, "help").out()).contains("run", "check");
        assertThat(DaemonProcess.run(folder, "help", "PH-C031").out()).contains("An open relay");
        SubProcess wrong = DaemonProcess.run(folder, "rum");
        assertThat(wrong.exitCode()).isEqualTo(64);
        assertThat(wrong.err()).doesNotContain("\tat ");
    }

    @Test
    void aPortThatIsTakenIsTold() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            DaemonProcess.write(
                    folder.resolve("posthouse.toml"),
                    Configurations.LOCAL.replace(
                            "127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort()));
            assertStartFails("PH-S002", Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void aSecondDaemonOnTheSameDataIsTold() {
        try (DaemonProcess first = DaemonProcess.start(folder, Configurations.LOCAL)) {
            assertStartFails("PH-S", "data");
            assertThat(first.process().isAlive()).isTrue();
        }
    }

    @Test
    void aDataFolderThatCanNotBeWrittenIsTold() throws IOException {
        Path mount = mount("ro,size=1m");
        try {
            DaemonProcess.write(
                    folder.resolve("posthouse.toml"),
                    Configurations.LOCAL.replace("\"data\"", "\"" + mount + "\""));
            assertStartFails("PH-S", mount.toString());
        } finally {
            unmount(mount);
        }
    }

    @Test
    void aFullDiskLosesNothingAndRecovers() throws IOException {
        Path mount = mount("size=448m");
        String configuration =
                Configurations.LOCAL.replace("\"data\"", "\"" + mount + "\"")
                        + Configurations.retry("1s");
        try (DaemonProcess daemon = DaemonProcess.start(folder, configuration)) {
            Set<String> acknowledged = new TreeSet<>();
            assertThat(fill(daemon, acknowledged, 5000)).startsWith("452 4.3.1");
            assertThat(acknowledged).hasSizeGreaterThan(100);
            // Mail is read and deleted elsewhere, so there is room again.
            Set<String> stored = new TreeSet<>();
            Path maildir = mount.resolve("mail/shop.example/ada");
            awaitStored(maildir, acknowledged, stored, daemon);
            Await.until(
                    "mail is accepted again",
                    Await.LONG,
                    () -> fill(daemon, acknowledged, 10).isEmpty(),
                    daemon::log);
            awaitStored(maildir, acknowledged, stored, daemon);
            assertThat(stored).isEqualTo(acknowledged);
            assertThat(daemon.log()).doesNotContain("\tat ");
            assertThat(daemon.stop()).isZero();
        } finally {
            unmount(mount);
        }
    }

    /** Sends until refused; the refusal, empty when there was none. */
    private static String fill(DaemonProcess daemon, Set<String> acknowledged, int count) {
        String body = ("x".repeat(70) + "\r\n").repeat(2900);
        try (Sender sender = Sender.connect(daemon.port())) {
            for (int i = 0; i < count; i++) {
                String id = "m" + acknowledged.size();
                String reply =
                        sender.send(
                                "bob@client.example",
                                "ada@shop.example",
                                "X-Id: " + id + "\r\n\r\n" + body);
                if (!reply.startsWith("250")) {
                    return reply;
                }
                acknowledged.add(id);
            }
            return "";
        } catch (IOException e) {
            throw new AssertionError(daemon.log(), e);
        }
    }

    /** Reads and deletes what is stored until all that was acknowledged has come. */
    private static void awaitStored(
            Path maildir, Set<String> acknowledged, Set<String> stored, DaemonProcess daemon) {
        Await.until(
                "what was acknowledged is stored",
                Duration.ofSeconds(60),
                () -> {
                    for (Path file : new Maildir(maildir).files()) {
                        String message = Files.readString(file);
                        int start = message.indexOf("X-Id: ") + 6;
                        stored.add(message.substring(start, message.indexOf('\r', start)));
                        assertThat(message).endsWith("xxx\r\n");
                        Files.delete(file);
                    }
                    return stored.containsAll(acknowledged);
                },
                () -> stored.size() + " of " + acknowledged.size() + "\n" + daemon.log());
    }

    private void assertStartFails(String code, String text) {
        SubProcess run = DaemonProcess.run(folder, "run", "--config", "posthouse.toml");
        assertThat(run.exitCode()).as(run.text()).isEqualTo(UNAVAILABLE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("error[" + code)
                .contains(text)
                .doesNotContain("\tat ", "Exception");
    }

    /** A file system of its own; skips the test where that may not be made. */
    private Path mount(String options) throws IOException {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        SubProcess mounted =
                SubProcess.run(
                        folder, "mount", "-t", "tmpfs", "-o", options, "tmpfs", mount.toString());
        assumeTrue(mounted.exitCode() == 0, "no file system may be mounted: " + mounted.text());
        return mount;
    }

    private void unmount(Path mount) {
        SubProcess.run(folder, "umount", "-l", mount.toString());
    }
}

package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Disks that fill up or fail lose nothing that was acknowledged. */
@Tag("interop")
class DiskTest {
    @TempDir Path folder;

    @Test
    void aFullDiskLosesNothingAndRecovers() throws IOException {
        Path mount = Mounts.memory(folder, "size=448m");
        try (DaemonProcess daemon = DaemonProcess.start(folder, storing(mount))) {
            Set<String> acknowledged = filled(daemon);
            // Mail is read and deleted elsewhere, so there is room again.
            assertGoesOn(daemon, mount, acknowledged);
            assertThat(daemon.stop()).isZero();
        } finally {
            Mounts.unmount(mount);
        }
    }

    @Test
    void mailIsRefusedWhileThereAreNoInodes() throws IOException {
        // Two segments and a reserve fit; the next one, and any file of a mailbox, does not.
        Path mount = Mounts.memory(folder, "size=1g,nr_inodes=16");
        try (DaemonProcess daemon = DaemonProcess.start(folder, storing(mount))) {
            Set<String> acknowledged = filled(daemon);
            assertThat(mount.toFile().getUsableSpace()).isGreaterThan(300L << 20);
            Mounts.change(mount, "nr_inodes=100000");
            assertGoesOn(daemon, mount, acknowledged);
            assertThat(daemon.stop()).isZero();
        } finally {
            Mounts.unmount(mount);
        }
    }

    private static String storing(Path data) {
        return Configurations.LOCAL.replace("\"data\"", "\"" + data + "\"")
                + Configurations.retry("1s");
    }

    /** Sends until there is no room; what was acknowledged until then. */
    private static Set<String> filled(DaemonProcess daemon) {
        Set<String> acknowledged = new TreeSet<>();
        assertThat(fill(daemon, acknowledged, 5000)).startsWith("452 4.3.1");
        assertThat(acknowledged).hasSizeGreaterThan(100);
        return acknowledged;
    }

    private static void assertGoesOn(DaemonProcess daemon, Path mount, Set<String> acknowledged) {
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

    @Test
    void diskThatTurnsReadOnlyKeepsWhatWasAcknowledged() throws IOException {
        Path mount = Mounts.ext4(folder, "600M");
        try (Sink sink = Sink.listen("127.0.0.1", 0)) {
            Set<String> acknowledged = new TreeSet<>();
            try (DaemonProcess daemon =
                    DaemonProcess.start(folder, relaying(mount, Ports.free("127.0.0.1")))) {
                assertThat(relay(daemon, acknowledged, 50)).isEmpty();
                Mounts.change(mount, "abort");
                assertThat(relay(daemon, acknowledged, 5)).startsWith("45");
                assertThat(relay(daemon, acknowledged, 5)).startsWith("45");
                assertThat(acknowledged).hasSize(50);
                assertThat(daemon.log()).contains("PH-S030").doesNotContain("\tat ");
                daemon.kill();
            } finally {
                Mounts.unmount(mount);
            }
            Mounts.again(folder);
            try (DaemonProcess daemon = DaemonProcess.start(folder, relaying(mount, sink.port()))) {
                Await.until(
                        "what was acknowledged is relayed",
                        Await.LONG,
                        () -> ids(sink).equals(acknowledged),
                        daemon::log);
                assertThat(daemon.log()).doesNotContain("\tat ");
            } finally {
                Mounts.unmount(mount);
            }
            assertThat(sink.taken()).hasSize(50);
        }
    }

    private static String relaying(Path data, int port) {
        return Configurations.LOCAL.replace("\"data\"", "\"" + data + "/data\"")
                + Configurations.RELAY
                + Configurations.smarthost("127.0.0.1:" + port)
                + Configurations.retry("1s");
    }

    /** Sends small messages until one is refused; the refusal, empty when there was none. */
    private static String relay(DaemonProcess daemon, Set<String> acknowledged, int count) {
        try (Sender sender = Sender.connect(daemon.port())) {
            for (int i = 0; i < count; i++) {
                String id = "m" + acknowledged.size();
                String reply =
                        sender.send(
                                "ada@shop.example",
                                "eve@far.example",
                                "X-Id: " + id + "\r\n\r\nx\r\n");
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

    private static Set<String> ids(Sink sink) {
        return sink.taken().stream()
                .map(
                        taken -> {
                            int start = taken.content().indexOf("X-Id: ") + 6;
                            return taken.content()
                                    .substring(start, taken.content().indexOf('\r', start));
                        })
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The spool of a daemon at work, looked at from another process. */
@Tag("interop")
class SpoolToolsTest {
    private static final Pattern OLDEST = Pattern.compile("\"oldest\":\\{\"id\":\"([0-9A-Z]+)\"");
    private static final int MAILS = 50;

    @TempDir Path folder;

    private SubProcess posthouse(int exit, String... words) {
        SubProcess process = DaemonProcess.run(folder, words);
        assertThat(process.exitCode()).as(process.text()).isEqualTo(exit);
        return process;
    }

    @Test
    void spoolIsCheckedDumpedAndExportedBesideTheDaemonAndAfterItsDeath() throws IOException {
        String configuration =
                Configurations.LOCAL
                        + Configurations.RELAY
                        + Configurations.smarthost("127.0.0.1:" + Ports.free("127.0.0.1"));
        try (DaemonProcess daemon = DaemonProcess.start(folder, configuration)) {
            send(daemon.port());
            String text = posthouse(0, "spool", "check", "--config", "posthouse.toml").out();
            assertThat(text)
                    .contains("in use    by process " + daemon.process().pid())
                    .contains("queued    50 messages, 50 deliveries")
                    .contains("damage    none");
            send(daemon.port());
            assertThat(posthouse(0, "spool", "dump", "data").out().lines())
                    .hasSizeGreaterThan(4 * MAILS);
            // nobody but the daemon holds the lock still
            posthouse(69, "run", "--config", "posthouse.toml");
            daemon.kill();
        }
        String found = posthouse(0, "spool", "check", "--json", "data/spool").out();
        assertThat(found)
                .contains("\"ok\":true")
                .contains("\"in_use_by\":null")
                .contains("\"messages\":" + 2 * MAILS);
        Matcher oldest = OLDEST.matcher(found);
        assertThat(oldest.find()).isTrue();
        posthouse(0, "spool", "export", oldest.group(1), "data", "--output", "first");
        assertThat(Files.readString(folder.resolve("first.eml"), StandardCharsets.US_ASCII))
                .startsWith("Received: from ")
                .endsWith("\r\nSubject: 0\r\n\r\nHello\r\n");
        assertThat(Files.readString(folder.resolve("first.json")))
                .contains("\"reverse_path\":\"app@shop.example\"")
                .contains("\"open_recipients\":[\"ada@far.example\"]");
        posthouse(0, "spool", "export", "--all", "data", "--output", "all");
        try (var files = Files.list(folder.resolve("all"))) {
            assertThat(files).hasSize(4 * MAILS);
        }
    }

    private static void send(int port) throws IOException {
        try (Sender sender = Sender.connect(port)) {
            for (int i = 0; i < MAILS; i++) {
                String content = "Subject: " + i + "\r\n\r\nHello\r\n";
                assertThat(sender.send("app@shop.example", "ada@far.example", content))
                        .startsWith("250");
            }
        }
    }
}

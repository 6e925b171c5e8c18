package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** People log in over TLS and may relay; nobody else may. */
@Tag("interop")
class SubmissionTest {
    private static final String SWAKS = SubProcess.find("/usr/bin/swaks");
    private static final String OPENSSL = SubProcess.find("/usr/bin/openssl");
    private static final String SUBMISSION =
            """
            hostname = "mail.shop.example"
            data = "data"

            [listener.submission]
            bind = "127.0.0.1:0"
            tls = "require"
            auth = "required"

            [tls]
            certificate = "file:mail.pem"
            key = "file:mail.key"

            [domains]
            local = ["shop.example"]

            [auth]
            users = "file:users"

            [[relay]]
            name = "people"
            auth = true
            """;

    @TempDir Path folder;

    @Test
    void whoLogsInMayRelayAndNobodyElse() throws IOException {
        assumeFalse(SWAKS.isEmpty(), "swaks is not installed");
        assumeFalse(OPENSSL.isEmpty(), "openssl is not installed");
        credentials(folder);
        try (Sink sink = Sink.listen("127.0.0.1", 0);
                DaemonProcess daemon =
                        DaemonProcess.start(
                                folder,
                                SUBMISSION
                                        + Configurations.smarthost("127.0.0.1:" + sink.port()))) {
            SubProcess relayed =
                    swaks(daemon, "-tls", "--auth", "PLAIN", "-au", "ada", "-ap", "secret");
            assertThat(relayed.exitCode()).as(relayed.text()).isZero();
            Await.until("it is in the sink", () -> sink.taken().size() == 1);
            assertThat(sink.taken().getFirst().content())
                    .startsWith("Received: from ")
                    .contains("with ESMTPSA");
            SubProcess login =
                    swaks(daemon, "-tls", "--auth", "LOGIN", "-au", "ada", "-ap", "secret");
            assertThat(login.exitCode()).as(login.text()).isZero();

            SubProcess wrong =
                    swaks(daemon, "-tls", "--auth", "PLAIN", "-au", "ada", "-ap", "Secret");
            assertThat(wrong.out()).contains("535 5.7.8").doesNotContain("250 2.0.0");
            assertThat(wrong.exitCode()).isNotZero();
            SubProcess none = swaks(daemon, "-tls");
            assertThat(none.out()).contains("530 5.7.0");
            assertThat(none.exitCode()).isNotZero();
            SubProcess clear = swaks(daemon, "--auth", "PLAIN", "-au", "ada", "-ap", "secret");
            assertThat(clear.out()).doesNotContain("AUTH").doesNotContain("250 2.0.0");
            assertThat(clear.exitCode()).isNotZero();
            assertThat(daemon.log()).contains("login-failed").doesNotContain("ecret");
        }
    }

    @Test
    void oneDaemonLogsInAtAnotherOverTls() throws IOException {
        assumeFalse(OPENSSL.isEmpty(), "openssl is not installed");
        Path hub = Files.createDirectory(folder.resolve("hub"));
        credentials(hub);
        try (DaemonProcess receiving = DaemonProcess.start(hub, SUBMISSION);
                DaemonProcess sending =
                        DaemonProcess.start(
                                folder,
                                Configurations.LOCAL.replace("shop.example", "branch.example")
                                        + Configurations.RELAY
                                        + Configurations.smarthost("127.0.0.1:" + receiving.port())
                                        + "tls = \"require\"\n"
                                        + "auth = { user = \"ada\", password = \"env:HUB\" }\n",
                                Map.of("HUB", "secret"));
                Sender sender = Sender.connect(sending.port())) {
            String content = "Subject: x\r\n\r\nhello\r\n";
            assertThat(sender.send("bob@branch.example", "eve@shop.example", content))
                    .startsWith("250 ");
            String message =
                    receiving
                            .maildir("shop.example", "eve")
                            .await(1, () -> sending.log() + receiving.log())
                            .getFirst();
            assertThat(message).contains("with ESMTPSA");
            assertThat(Maildir.withoutReceived(Maildir.withoutTrace(message))).isEqualTo(content);
        }
    }

    private SubProcess swaks(DaemonProcess daemon, String... more) {
        var command =
                new ArrayList<>(
                        List.of(
                                SWAKS,
                                "--server",
                                "127.0.0.1:" + daemon.port(),
                                "--from",
                                "ada@shop.example",
                                "--to",
                                "eve@example.net"));
        command.addAll(List.of(more));
        SubProcess swaks = SubProcess.start(folder, command);
        swaks.waitFor(Await.LONG);
        return swaks;
    }

    private static void credentials(Path folder) {
        SubProcess made =
                SubProcess.run(
                        folder,
                        OPENSSL,
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-keyout",
                        "mail.key",
                        "-out",
                        "mail.pem",
                        "-days",
                        "30",
                        "-subj",
                        "/CN=mail.shop.example");
        assertThat(made.exitCode()).as(made.text()).isZero();
        DaemonProcess.write(folder.resolve("users"), "ada:{PLAIN}secret\n");
    }
}

package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** People log in over TLS and may relay; nobody else may. */
@Tag("interop")
class SubmissionTest {
    private static final String PYTHON = SubProcess.find("/usr/bin/python3");
    private static final String OPENSSL = SubProcess.find("/usr/bin/openssl");
    static final String SUBMISSION =
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

    private static final String SESSIONS =
            """
            import smtplib, ssl, sys
            port = int(sys.argv[1])
            context = ssl.create_default_context(cafile="mail.pem")

            def send(client):
                return client.sendmail("ada@shop.example", ["eve@example.net"], "Subject: x\\r\\n\\r\\nhello\\r\\n")

            def refused(code, act):
                try:
                    act()
                    raise AssertionError("taken, not refused with %d" % code)
                except smtplib.SMTPResponseException as e:
                    assert e.smtp_code == code, e

            for mechanism in "plain", "login":
                with smtplib.SMTP("localhost", port) as client:
                    client.ehlo()
                    assert not client.has_extn("auth"), "logins offered on clear text"
                    refused(530, lambda: send(client))
                    client.starttls(context=context)
                    client.ehlo()
                    assert client.has_extn("auth") and not client.has_extn("starttls")
                    refused(530, lambda: send(client))
                    client.user, client.password = "ada", "secret"
                    client.auth(mechanism.upper(), getattr(client, "auth_" + mechanism))
                    assert send(client) == {}

            with smtplib.SMTP("localhost", port) as client:
                client.starttls(context=context)
                for login, password in ("ada", "Secret"), ("eve", "secret"):
                    refused(535, lambda: client.login(login, password))
            """;

    @TempDir Path folder;

    @Test
    void whoLogsInMayRelayAndNobodyElse() throws IOException {
        assumeFalse(PYTHON.isEmpty(), "python3 is not installed");
        assumeFalse(OPENSSL.isEmpty(), "openssl is not installed");
        credentials(folder);
        try (Sink sink = Sink.listen("127.0.0.1", 0);
                DaemonProcess daemon =
                        DaemonProcess.start(
                                folder,
                                SUBMISSION
                                        + Configurations.smarthost("127.0.0.1:" + sink.port()))) {
            SubProcess python =
                    SubProcess.run(folder, PYTHON, "-c", SESSIONS, Integer.toString(daemon.port()));
            assertThat(python.exitCode()).as(python.text() + daemon.log()).isZero();
            Await.until("both are in the sink", () -> sink.taken().size() == 2);
            assertThat(sink.taken().getFirst().content())
                    .startsWith("Received: from ")
                    .contains("with ESMTPSA");
            assertThat(daemon.log()).contains("login-failed").doesNotContain("secret", "Secret");
        }
    }

    /** By the strongest mechanism there is, bound to the connection. */
    @Test
    void oneDaemonLogsInAtAnotherOverTls() throws IOException {
        assumeFalse(OPENSSL.isEmpty(), "openssl is not installed");
        Path hub = Files.createDirectory(folder.resolve("hub"));
        credentials(hub);
        String bound =
                SUBMISSION.replace(
                        "[[relay]]", "mechanisms = [\"SCRAM-SHA-256-PLUS\"]\n\n[[relay]]");
        try (DaemonProcess receiving = DaemonProcess.start(hub, bound);
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

    static void credentials(Path folder) {
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
                        "/CN=mail.shop.example",
                        "-addext",
                        "subjectAltName=DNS:localhost");
        assertThat(made.exitCode()).as(made.text()).isZero();
        DaemonProcess.write(folder.resolve("users"), "ada:{PLAIN}secret\n");
    }
}

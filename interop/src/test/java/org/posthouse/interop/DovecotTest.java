package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Mail for a local domain goes to a real Dovecot by LMTP, over TCP and a Unix-domain socket. */
@Tag("interop")
class DovecotTest {
    private static final String HEADER = "From: bob@shop.example\r\nSubject: kept\r\n\r\n";

    @TempDir static Path folder;
    private static DovecotPeer dovecot;
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() throws IOException {
        assumeFalse(DovecotPeer.program().isEmpty(), "Dovecot's LMTP is not installed");
        dovecot = DovecotPeer.start(Files.createDirectory(folder.resolve("dovecot")));
        daemon =
                DaemonProcess.start(
                        folder,
                        Configurations.LOCAL
                                + """

                                [[route]]
                                name = "large"
                                to = ["ada@shop.example"]
                                via = "lmtp"
                                host = "%s"

                                [[route]]
                                name = "store"
                                to = ["*@shop.example"]
                                via = "lmtp"
                                host = "%s"
                                """
                                        .formatted(dovecot.socket(), dovecot.address())
                                + Configurations.retry("1s"));
    }

    @AfterAll
    static void stop() {
        if (daemon != null) {
            assertThat(daemon.stop()).isZero();
            assertThat(daemon.log()).doesNotContain(" deferred ", "\tat ");
            assertThat(folder.resolve("data/mail")).doesNotExist();
            daemon.close();
        }
        if (dovecot != null) {
            dovecot.close();
        }
    }

    @Test
    void overTcpEachRecipientHasItsOwnOutcome() throws IOException {
        try (Sender sender = Sender.connect(daemon.port())) {
            sender.command("MAIL FROM:<eve@shop.example>");
            sender.command("RCPT TO:<bob@shop.example>");
            sender.command("RCPT TO:<nobody@shop.example>");
            sender.command("RCPT TO:<full@shop.example>");
            sender.command("DATA");
            String body = "x".repeat(70) + "\r\n";
            assertThat(sender.command(HEADER + body.repeat(50) + "..\r\n.")).startsWith("250 ");
            String kept = dovecot.maildir("bob").await(1, DovecotTest::told).getFirst();
            assertThat(kept)
                    .contains("Return-Path: <eve@shop.example>", "by mail.shop.example with ESMTP")
                    .contains("x\n.\n");
            // the reports come by the same way
            String reports = String.join("", dovecot.maildir("eve").await(1, DovecotTest::told));
            assertThat(reports)
                    .contains("Final-Recipient: rfc822; nobody@shop.example")
                    .contains("550 5.1.1 <nobody@shop.example>")
                    .contains("Final-Recipient: rfc822; full@shop.example")
                    .contains("552 5.2.2 <full@shop.example>");
        }
    }

    @Test
    void overAUnixSocketMuchAndLarge() throws IOException {
        SubProcess sent =
                Programs.smtpSource(
                        folder,
                        daemon.port(),
                        "-s",
                        "3",
                        "-m",
                        "60",
                        "-f",
                        "bob@shop.example",
                        "-t",
                        "ada@shop.example");
        assertThat(sent.exitCode()).as(sent.text()).isZero();
        try (Sender sender = Sender.connect(daemon.port())) {
            String line = "0123456789".repeat(7) + "\r\n";
            String large = HEADER + line.repeat(60_000);
            assertThat(sender.send("", "ada@shop.example", large)).startsWith("250 ");
        }
        var mails = dovecot.maildir("ada").await(61, DovecotTest::told);
        assertThat(mails).anyMatch(each -> each.length() > 60_000 * 71);
        Await.until("it is logged", () -> daemon.log().contains(dovecot.socket()));
    }

    private static String told() {
        return daemon.log() + dovecot.log();
    }
}

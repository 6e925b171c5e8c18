package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real Exim as next hop and as client. */
@Tag("interop")
class EximTest {
    private static final String HEADER =
            "From: bob@shop.example\r\nMessage-ID: <%s@shop.example>\r\nSubject: to exim\r\n\r\n";

    @TempDir static Path folder;
    private static EximPeer exim;
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(EximPeer.missing().isEmpty(), EximPeer.missing());
        int port = Ports.free();
        Peers.certificate(folder, "mail.shop.example");
        daemon =
                DaemonProcess.start(
                        folder,
                        Configurations.LOCAL
                                + Configurations.RELAY
                                + """

                                [tls]
                                certificate = "file:peer.pem"
                                key = "file:peer.key"

                                [[route]]
                                name = "exim"
                                to = ["*@corp.example"]
                                via = "smarthost"
                                host = "127.0.0.1:%d"
                                tls = "require"
                                """
                                        .formatted(port)
                                + Configurations.retry("1s"));
        exim = EximPeer.start(Files.createDirectory(folder.resolve("exim")), port, daemon.port());
    }

    @AfterAll
    static void stop() {
        if (exim != null) {
            exim.close();
        }
        if (daemon != null) {
            assertThat(daemon.stop()).isZero();
            assertThat(daemon.log()).doesNotContain("\tat ");
            daemon.close();
        }
    }

    private static String told() {
        return daemon.log() + exim.log();
    }

    /** As the sender writes it: octets as characters. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String awaitIn(Maildir maildir, String part) {
        Await.until(
                part + " in " + maildir.files(),
                Await.LONG,
                () -> maildir.messages().stream().anyMatch(each -> each.contains(part)),
                EximTest::told);
        return maildir.messages().stream().filter(e -> e.contains(part)).findFirst().orElseThrow();
    }

    @Test
    void internationalMailGoesOutInChunksOverTls() throws IOException {
        try (Sender sender = Sender.connect(daemon.port())) {
            sender.command("MAIL FROM:<" + octets("bäb@shop.example") + "> SMTPUTF8 BODY=8BITMIME");
            sender.command("RCPT TO:<" + octets("jörg@corp.example") + ">");
            sender.command("DATA");
            String body = octets("grüße\r\n..\r\n.");
            assertThat(sender.command(HEADER.formatted("utf8") + body)).startsWith("250 ");
        }
        String kept = awaitIn(exim.maildir(), "<utf8@shop.example>");
        assertThat(kept)
                .contains(octets("Envelope-to: jörg@corp.example"))
                .contains(octets("grüße\n.\n"))
                .contains("with utf8esmtps");
        assertThat(exim.log())
                .containsPattern("<= [^\\n]*P=utf8esmtps[^\\n]* K [^\\n]*utf8@shop.example");
    }

    @Test
    void eachRecipientHasItsOwnOutcome() throws IOException {
        try (Sender sender = Sender.connect(daemon.port())) {
            sender.command("MAIL FROM:<eve@shop.example>");
            sender.command("RCPT TO:<good@corp.example>");
            sender.command("RCPT TO:<unknown@corp.example>");
            sender.command("RCPT TO:<later@corp.example>");
            sender.command("DATA");
            assertThat(sender.command(HEADER.formatted("three") + "x\r\n.")).startsWith("250 ");
        }
        assertThat(awaitIn(exim.maildir(), "<three@shop.example>"))
                .contains("Envelope-to: good@corp.example");
        String report = awaitIn(daemon.maildir("shop.example", "eve"), "unknown@corp.example");
        assertThat(report).contains("Action: failed", "550 5.1.1 no such mailbox");
        Await.until("it is greylisted", () -> daemon.log().contains("4.7.1 greylisted"));
        exim.open();
        awaitIn(exim.maildir(), "Envelope-to: later@corp.example");
    }

    @Test
    void aLargeMessageArrivesWhole() throws IOException {
        String line = "0123456789".repeat(7) + "\r\n";
        try (Sender sender = Sender.connect(daemon.port())) {
            assertThat(
                            sender.send(
                                    "bob@shop.example",
                                    "large@corp.example",
                                    HEADER.formatted("large") + line.repeat(120_000)))
                    .startsWith("250 ");
        }
        String kept = awaitIn(exim.maildir(), "<large@shop.example>");
        String body = kept.substring(kept.indexOf("\n\n") + 2);
        assertThat(body).isEqualTo(line.replace("\r\n", "\n").repeat(120_000));
    }

    /** Its report of success comes back over its own connection to us. */
    @Test
    void theWishForReportsGoesAlongAndTheReportComesBack() throws IOException {
        try (Sender sender = Sender.connect(daemon.port())) {
            sender.command("MAIL FROM:<dan@shop.example> RET=HDRS ENVID=QQ314159");
            sender.command(
                    "RCPT TO:<ida@corp.example> NOTIFY=SUCCESS,FAILURE"
                            + " ORCPT=rfc822;first@corp.example");
            sender.command("DATA");
            assertThat(sender.command(HEADER.formatted("dsn") + "body\r\n.")).startsWith("250 ");
        }
        awaitIn(exim.maildir(), "<dsn@shop.example>");
        String report = awaitIn(daemon.maildir("shop.example", "dan"), "QQ314159");
        assertThat(report)
                .contains(
                        "Original-Envelope-ID: QQ314159",
                        "Original-Recipient: rfc822;first@corp.example",
                        "Action: delivered",
                        "by mail.shop.example with ESMTPS")
                .doesNotContain("\r\nbody\r\n");
        assertThat(daemon.maildir("shop.example", "dan").files()).hasSize(1);
    }

    @Test
    void itsOwnMailComesInOverTlsWithItsParameters() throws IOException {
        try (Sender sender = Sender.connect(exim.port())) {
            sender.command(
                    "MAIL FROM:<" + octets("häns@corp.example") + "> SMTPUTF8 BODY=8BITMIME");
            sender.command("RCPT TO:<" + octets("jürgen@shop.example") + ">");
            sender.command("RCPT TO:<ute@shop.example>");
            sender.command("DATA");
            String body = octets("grüße\r\n..\r\n.");
            assertThat(sender.command(HEADER.formatted("from-exim") + body)).startsWith("250 ");
        }
        String kept = awaitIn(daemon.maildir("shop.example", "ute"), "<from-exim@shop.example>");
        assertThat(kept)
                .contains(octets("Return-Path: <häns@corp.example>"))
                .contains("by mail.shop.example with UTF8SMTPS")
                .endsWith(octets("grüße\r\n.\r\n"));
        awaitIn(daemon.maildir("shop.example", "j%C3%BCrgen"), "<from-exim@shop.example>");
    }
}

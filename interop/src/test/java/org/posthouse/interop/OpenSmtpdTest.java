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

/**
 * A real OpenSMTPD as next hop, without PIPELINING and CHUNKING, and as client. What it takes of us
 * it passes on to a sink.
 */
@Tag("interop")
class OpenSmtpdTest {
    private static final String HEADER =
            "From: bob@shop.example\r\nMessage-ID: <%s@shop.example>\r\nSubject: hello\r\n\r\n";

    @TempDir static Path folder;
    private static Sink sink;
    private static DaemonProcess daemon;
    private static OpenSmtpdPeer smtpd;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(OpenSmtpdPeer.missing().isEmpty(), OpenSmtpdPeer.missing());
        Peers.certificate(folder, "mail.shop.example");
        sink = Sink.listen("127.0.0.1", 0);
        int port = Ports.free();
        daemon =
                DaemonProcess.start(
                        folder,
                        Configurations.LOCAL
                                + Configurations.RELAY
                                + "[tls]\n"
                                + "certificate = \"file:peer.pem\"\n"
                                + "key = \"file:peer.key\"\n"
                                + Configurations.smarthost("127.0.0.1:" + port)
                                + Configurations.retry("1s"));
        Path inner = Files.createDirectory(folder.resolve("smtpd"));
        smtpd = OpenSmtpdPeer.start(inner, port, sink.port(), daemon.port());
    }

    @AfterAll
    static void stop() {
        if (smtpd != null) {
            smtpd.close();
        }
        if (daemon != null) {
            assertThat(daemon.stop()).isZero();
            assertThat(daemon.log()).doesNotContain("\tat ");
            daemon.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    private static String told() {
        return daemon.log() + smtpd.log();
    }

    private static Sink.Taken awaitTaken(String part) {
        Await.until(
                part + " in the sink",
                Await.LONG,
                () -> sink.taken().stream().anyMatch(each -> each.content().contains(part)),
                OpenSmtpdTest::told);
        return sink.taken().stream()
                .filter(each -> each.content().contains(part))
                .findFirst()
                .orElseThrow();
    }

    /** Some builds offer STARTTLS and can't do it: then it goes without. */
    @Test
    void mailGoesThroughItWhole() throws IOException {
        String octets =
                new String("grüße".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (Sender sender = Sender.connect(daemon.port())) {
            sender.command("MAIL FROM:<bob@shop.example> BODY=8BITMIME");
            sender.command("RCPT TO:<ada@corp.example>");
            sender.command("DATA");
            assertThat(sender.command(HEADER.formatted("one") + octets + "\r\n..x\r\n."))
                    .startsWith("250 ");
        }
        Sink.Taken taken = awaitTaken("<one@shop.example>");
        assertThat(taken.recipients()).containsExactly("ada@corp.example");
        assertThat(taken.content())
                .contains("by mail.shop.example with ESMTP", "by mail.corp.example (OpenSMTPD)")
                .endsWith("\r\n\r\n" + octets + "\r\n.x\r\n");
    }

    @Test
    void largeMailAndManyRecipientsOfWhichSomeAreRefused() throws IOException {
        String line = "0123456789".repeat(7) + "\r\n";
        try (Sender sender = Sender.connect(daemon.port())) {
            sender.command("MAIL FROM:<eve@shop.example>");
            for (int i = 0; i < 20; i++) {
                sender.command("RCPT TO:<r" + i + "@corp.example>");
            }
            sender.command("RCPT TO:<ada@elsewhere.example>");
            sender.command("DATA");
            assertThat(sender.command(HEADER.formatted("large") + line.repeat(40_000) + "."))
                    .startsWith("250 ");
        }
        Sink.Taken taken = awaitTaken("<large@shop.example>");
        assertThat(taken.content()).endsWith("\r\n\r\n" + line.repeat(40_000));
        Await.until(
                "all recipients have it",
                Await.LONG,
                () -> sink.taken().stream().mapToInt(each -> each.recipients().size()).sum() >= 20,
                OpenSmtpdTest::told);
        String report =
                daemon.maildir("shop.example", "eve").await(1, OpenSmtpdTest::told).getFirst();
        assertThat(report)
                .contains("Action: failed", "ada@elsewhere.example", "550 Invalid recipient");
    }

    @Test
    void itsOwnMailComesInOverTls() throws IOException {
        try (Sender sender = Sender.connect(smtpd.port())) {
            assertThat(
                            sender.send(
                                    "ada@corp.example",
                                    "ute@shop.example",
                                    HEADER.formatted("back") + "..x\r\n"))
                    .startsWith("250 ");
        }
        String kept =
                daemon.maildir("shop.example", "ute").await(1, OpenSmtpdTest::told).getFirst();
        assertThat(kept).contains("by mail.shop.example with ESMTPS").endsWith("\r\n..x\r\n");
    }
}

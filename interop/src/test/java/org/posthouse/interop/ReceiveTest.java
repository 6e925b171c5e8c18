package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** Other people's programs send; what arrives in the Maildir is what they sent. */
@Tag("interop")
class ReceiveTest {
    private static final String CONTENT =
            "From: Bob <bob@client.example>\r\n"
                    + "To: ada@shop.example\r\n"
                    + "Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n"
                    + "Message-ID: <1@client.example>\r\n"
                    + "Date: Wed, 4 Mar 2026 05:06:07 +0000\r\n\r\n"
                    + "Dear Ada,\r\n"
                    + ".\r\n"
                    + "..two dots\r\n"
                    + ".dot in front\r\n\r\n"
                    + "From here on\r\n"
                    + "trailing blank \r\n"
                    + "\ttab\r\n"
                    + "x".repeat(990)
                    + "\r\n\r\n";

    @TempDir static Path folder;
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() {
        daemon = DaemonProcess.start(folder, Configurations.LOCAL);
    }

    @AfterAll
    static void stop() {
        if (daemon != null) {
            assertThat(daemon.stop()).isZero();
            daemon.close();
            assertThat(daemon.log()).doesNotContain("\tat ");
        }
    }

    @Test
    void swaksSends() throws IOException {
        Path file = folder.resolve("swaks.eml");
        // swaks reads lines that end in LF, adds the dots, and one line end.
        Files.writeString(file, CONTENT.replace("\r\n", "\n"), StandardCharsets.ISO_8859_1);
        SubProcess swaked =
                Programs.swaks(
                        folder,
                        daemon.port(),
                        "--from",
                        "bob@client.example",
                        "--to",
                        "swaks@shop.example",
                        "--data",
                        "@" + file);
        assertThat(swaked.exitCode()).as(swaked.text()).isZero();
        String message = one("swaks");
        assertThat(message).startsWith("Return-Path: <bob@client.example>\r\n");
        assertThat(Maildir.withoutTrace(message).stripTrailing())
                .isEqualTo(CONTENT.stripTrailing());
    }

    @Test
    void swaksIsRefusedForAForeignDomain() {
        SubProcess swaked =
                Programs.swaks(
                        folder,
                        daemon.port(),
                        "--from",
                        "bob@shop.example",
                        "--to",
                        "ada@example.net");
        assertThat(swaked.exitCode()).isEqualTo(24);
        assertThat(swaked.out()).contains("553 5.7.1 sorry, we do not relay (PH-R101");
    }

    @Test
    void smtpSourceSendsManyOverManyConnections() {
        SubProcess sent =
                Programs.smtpSource(
                        folder,
                        daemon.port(),
                        "-s",
                        "10",
                        "-m",
                        "200",
                        "-l",
                        "4096",
                        "-f",
                        "bob@client.example",
                        "-t",
                        "source@shop.example");
        assertThat(sent.exitCode()).as(sent.text()).isZero();
        List<String> messages = daemon.maildir("shop.example", "source").await(200, daemon::log);
        assertThat(messages).hasSize(200);
        assertThat(messages)
                .allSatisfy(
                        message ->
                                assertThat(Maildir.withoutTrace(message))
                                        .startsWith("From: <bob@client.example>\r\n")
                                        .hasSizeGreaterThan(4096)
                                        .endsWith("\r\n"));
    }

    @Test
    void pythonSends() throws IOException {
        String python = SubProcess.find("/usr/bin/python3");
        assumeFalse(python.isEmpty(), "python3 is not installed");
        Files.writeString(folder.resolve("python.eml"), CONTENT, StandardCharsets.ISO_8859_1);
        String script =
                """
                import smtplib, sys
                with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as client:
                    content = open("python.eml", "rb").read()
                    refused = client.sendmail("", ["python@shop.example", "snake+x@shop.example"], content)
                    assert refused == {}, refused
                    client.rset()
                    client.noop()
                    assert client.verify("ada@shop.example")[0] == 252
                    try:
                        client.sendmail("bob@client.example", ["ada@example.net"], content)
                        raise AssertionError("relayed")
                    except smtplib.SMTPRecipientsRefused as e:
                        assert e.recipients["ada@example.net"][0] == 553, e
                """;
        SubProcess ran =
                SubProcess.run(folder, python, "-c", script, Integer.toString(daemon.port()));
        assertThat(ran.exitCode()).as(ran.text()).isZero();
        for (String name : List.of("python", "snake")) {
            assertThat(one(name)).startsWith("Return-Path: <>\r\n");
            assertThat(Maildir.withoutTrace(one(name))).isEqualTo(CONTENT);
        }
    }

    @Test
    void jakartaMailSends() throws IOException, MessagingException {
        var properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(daemon.port()));
        properties.put("mail.smtp.allow8bitmime", "true");
        properties.put("mail.smtp.dsn.notify", "FAILURE");
        var message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("bob@client.example"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("java@shop.example"));
        message.setSubject("Grüße", "UTF-8");
        var text = new MimeBodyPart();
        text.setText("Grüße aus Köln\r\n.\r\nEnde\r\n", "UTF-8");
        var octets = new MimeBodyPart();
        octets.setContent(new byte[100_000], "application/octet-stream");
        message.setContent(new MimeMultipart(text, octets));
        message.saveChanges();
        Transport.send(message);
        var expected = new ByteArrayOutputStream();
        message.writeTo(expected);
        assertThat(Maildir.withoutTrace(one("java")).stripTrailing())
                .isEqualTo(expected.toString(StandardCharsets.ISO_8859_1).stripTrailing());
    }

    private static String one(String localPart) {
        List<String> messages = daemon.maildir("shop.example", localPart).await(1, daemon::log);
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }
}

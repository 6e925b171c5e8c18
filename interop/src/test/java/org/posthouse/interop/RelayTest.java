package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Mail leaves for real next hops, found by a real name server. */
@Tag("interop")
class RelayTest {
    private static final String CONTENT =
            "From: bob@shop.example\r\n"
                    + "Date: Wed, 4 Mar 2026 05:06:07 +0000\r\n"
                    + "Message-ID: <1@shop.example>\r\n"
                    + "Subject: relayed\r\n"
                    + "X-Test: 1\r\n\r\n"
                    + "hello\r\n"
                    + ".\r\n"
                    + "..\r\n"
                    + "bye\r\n";

    @TempDir Path folder;

    @Test
    void byMxToSmtpSinkPastADeadExchanger() throws IOException {
        assumeFalse(Nsd.program().isEmpty(), "nsd is not installed");
        String program = SubProcess.find("/usr/sbin/smtp-sink");
        assumeFalse(program.isEmpty(), "Postfix's smtp-sink is not installed");
        int port = Ports.free("127.0.0.2", "127.0.0.3", "127.0.0.4");
        Path dump = Files.createDirectory(folder.resolve("dump"));
        open(dump);
        var command = new java.util.ArrayList<>(List.of(program, "-4"));
        if (isRoot()) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.addAll(List.of("-d", dump + "/m.", "127.0.0.3:" + port, "100"));
        try (SubProcess sink = SubProcess.start(folder, command);
                Nsd nsd = nsd();
                DaemonProcess daemon = relay(Configurations.byMx(nsd.port(), port))) {
            Ports.awaitListening("127.0.0.3", port, sink);
            assertThat(send(daemon, "ada@example.net")).startsWith("250 ");
            Await.until(
                    "smtp-sink has the message",
                    Await.LONG,
                    () -> dumped(dump).contains("\nbye\n"),
                    daemon::log);
            String taken = dumped(dump);
            assertThat(taken)
                    .contains("X-Mail-Args: <bob@shop.example>", "X-Rcpt-Args: <ada@example.net>");
            int received = taken.indexOf("Received: ", taken.indexOf("X-Rcpt-Args"));
            received =
                    taken.lastIndexOf("Received: from ", received) < 0
                            ? received
                            : taken.indexOf("from client.example");
            assertThat(taken.substring(received)).contains(CONTENT.replace("\r\n", "\n"));
            Await.until("it is logged", () -> daemon.log().contains(" delivered "));
            assertThat(daemon.log()).contains("mx2.example.net");
        }
    }

    @Test
    void byMxToPostfix() {
        assumeFalse(Nsd.program().isEmpty(), "nsd is not installed");
        assumeFalse(PostfixPeer.program().isEmpty(), "Postfix is not installed");
        assumeTrue(isRoot(), "Postfix runs as root only");
        int port = Ports.free("127.0.0.4");
        try (PostfixPeer postfix = PostfixPeer.start(folder("postfix"), "127.0.0.4", port);
                Nsd nsd = nsd();
                DaemonProcess daemon = relay(Configurations.byMx(nsd.port(), port))) {
            assertThat(send(daemon, "eve@corp.example")).startsWith("250 ");
            String message =
                    postfix.maildir().await(1, () -> daemon.log() + postfix.log()).getFirst();
            assertThat(message).contains("Return-Path: <bob@shop.example>", "by mail.corp.example");
            // Postfix keeps lines with LF; its own fields come first, then ours, then the content.
            String ours = message.substring(message.indexOf("Received: from client.example"));
            assertThat(afterReceived(ours)).isEqualTo(CONTENT.replace("\r\n", "\n"));
            Await.until("it is logged", () -> daemon.log().contains(" delivered "));
        }
    }

    @Test
    void aDomainThatDoesNotExistIsReportedToTheSender() {
        assumeFalse(Nsd.program().isEmpty(), "nsd is not installed");
        int port = Ports.free("127.0.0.3");
        try (Nsd nsd = nsd();
                DaemonProcess daemon = relay(Configurations.byMx(nsd.port(), port))) {
            assertThat(send(daemon, "ada@nowhere.example.net")).startsWith("250 ");
            String report = daemon.maildir("shop.example", "bob").await(1, daemon::log).getFirst();
            assertThat(report)
                    .startsWith("Return-Path: <>\r\n")
                    .contains(
                            "Final-Recipient: rfc822;",
                            "ada@nowhere.example.net",
                            "Action: failed");
        }
    }

    @Test
    void aSmarthostThatComesUpLaterGetsTheMail() throws IOException {
        int port = Ports.free();
        String configuration =
                Configurations.smarthost("127.0.0.1:" + port) + Configurations.retry("1s");
        try (DaemonProcess daemon = relay(configuration)) {
            assertThat(send(daemon, "ada@example.net")).startsWith("250 ");
            Await.until(
                    "it is deferred",
                    Await.LONG,
                    () -> daemon.log().contains(" deferred "),
                    daemon::log);
            try (Sink sink = Sink.listen("127.0.0.1", port)) {
                awaitTaken(sink, 1, daemon);
                assertThat(sink.taken().getFirst().recipients()).containsExactly("ada@example.net");
                assertThat(Maildir.withoutReceived(sink.taken().getFirst().content()))
                        .isEqualTo(CONTENT);
            }
        }
    }

    @Test
    void aTransientRefusalIsTriedAgain() throws IOException {
        var refusals = new AtomicInteger(2);
        try (Sink sink =
                        Sink.listen(
                                "127.0.0.1",
                                0,
                                line ->
                                        line.startsWith("RCPT") && refusals.getAndDecrement() > 0
                                                ? "451 4.7.1 come back later"
                                                : "");
                DaemonProcess daemon =
                        relay(
                                Configurations.smarthost("127.0.0.1:" + sink.port())
                                        + Configurations.retry("1s"))) {
            assertThat(send(daemon, "ada@example.net")).startsWith("250 ");
            awaitTaken(sink, 1, daemon);
            assertThat(refusals.get()).isLessThanOrEqualTo(0);
            assertThat(daemon.log()).contains("451 4.7.1 come back later");
        }
    }

    @Test
    void aPermanentRefusalIsReportedToTheSender() throws IOException {
        try (Sink sink =
                        Sink.listen(
                                "127.0.0.1",
                                0,
                                line ->
                                        line.startsWith("RCPT")
                                                ? "550 5.1.1 no such mailbox"
                                                : "");
                DaemonProcess daemon =
                        relay(Configurations.smarthost("127.0.0.1:" + sink.port()))) {
            assertThat(send(daemon, "ada@example.net")).startsWith("250 ");
            String report = daemon.maildir("shop.example", "bob").await(1, daemon::log).getFirst();
            assertThat(report)
                    .startsWith("Return-Path: <>\r\n")
                    .contains(
                            "report-type=delivery-status",
                            "Final-Recipient: rfc822; ada@example.net",
                            "Action: failed",
                            "Status: 5.1.1",
                            "550 5.1.1 no such mailbox",
                            "X-Test: 1");
            assertThat(sink.taken()).isEmpty();
        }
    }

    @Test
    void whatWaitsIsDeliveredAfterAnOrderlyStop() throws IOException {
        int port = Ports.free();
        String configuration =
                Configurations.LOCAL
                        + Configurations.RELAY
                        + Configurations.smarthost("127.0.0.1:" + port)
                        + Configurations.retry("1s");
        try (DaemonProcess daemon = DaemonProcess.start(folder, configuration)) {
            assertThat(send(daemon, "ada@example.net")).startsWith("250 ");
            assertThat(daemon.stop()).isZero();
            assertThat(daemon.log()).contains("stopped");
        }
        try (Sink sink = Sink.listen("127.0.0.1", port);
                DaemonProcess again = DaemonProcess.start(folder, configuration)) {
            awaitTaken(sink, 1, again);
        }
    }

    private DaemonProcess relay(String configuration) {
        return DaemonProcess.start(
                folder, Configurations.LOCAL + Configurations.RELAY + configuration);
    }

    private Nsd nsd() {
        return Nsd.start(
                folder("dns"),
                """
                @ IN MX 10 mx1
                @ IN MX 20 mx2
                mx1 IN A 127.0.0.2
                mx2 IN A 127.0.0.3
                """,
                """
                @ IN MX 10 mail
                mail IN A 127.0.0.4
                """);
    }

    private Path folder(String name) {
        try {
            return Files.createDirectory(folder.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String send(DaemonProcess daemon, String to) {
        try (Sender sender = Sender.connect(daemon.port())) {
            return sender.send("bob@shop.example", to, CONTENT);
        } catch (IOException e) {
            throw new AssertionError(daemon.log(), e);
        }
    }

    private static void awaitTaken(Sink sink, int count, DaemonProcess daemon) {
        Await.until(
                count + " messages in the sink",
                Await.LONG,
                () -> sink.taken().size() >= count,
                daemon::log);
    }

    private static String dumped(Path dump) throws IOException {
        try (Stream<Path> files = Files.list(dump)) {
            var text = new StringBuilder();
            for (Path file : files.toList()) {
                text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
            return text.toString().replace("\r\n", "\n");
        }
    }

    /** For whom smtp-sink becomes. */
    private static void open(Path path) throws IOException {
        for (Path up = path; up != null && !up.equals(Path.of("/tmp")); up = up.getParent()) {
            if (up.startsWith("/tmp/") && up.getNameCount() > 1) {
                Files.setPosixFilePermissions(
                        up, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
            }
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    private static String afterReceived(String text) {
        int end = text.indexOf('\n');
        while (end + 1 < text.length() && " \t".indexOf(text.charAt(end + 1)) >= 0) {
            end = text.indexOf('\n', end + 1);
        }
        return text.substring(end + 1);
    }
}

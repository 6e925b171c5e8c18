package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.Posthouse;
import org.posthouse.core.Content;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** {@code posthouse send}, against an engine. */
class SendCommandTest {
    @TempDir Path data;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    private Posthouse start() {
        return Posthouse.builder()
                .data(data.resolve("data"))
                .hostname("mail.shop.example")
                .local("shop.example")
                .listen(0)
                .onReceived(
                        m -> received.add(new String(read(m.content()), StandardCharsets.UTF_8)))
                .start();
    }

    private static byte[] read(Content content) {
        try {
            return content.stream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CommandRun send(Posthouse to, String... words) {
        var all = new ArrayList<>(List.of("send", "--server", "127.0.0.1:" + to.port()));
        all.addAll(List.of(words));
        return CommandRun.of(all.toArray());
    }

    @Test
    void whatIsSaidIsShownAndTheMessageArrives() throws Exception {
        Path file = Files.writeString(data.resolve("note \u00fc.txt"), "attached");
        try (Posthouse mail = start()) {
            CommandRun run =
                    send(
                            mail,
                            "--to=ada@shop.example,bob@shop.example",
                            "--from=me@far.example",
                            "--subject=Gr\u00fc\u00dfe",
                            "--body=Zeile \u00fc",
                            "--header=X-Test: 7",
                            "--attach=" + file);
            assertThat(run.exit()).as(run.err() + run.out()).isZero();
            List<String> lines = run.out().lines().toList();
            assertThat(lines.get(0)).startsWith("- connected to 127.0.0.1:").endsWith(" ms");
            assertThat(run.out())
                    .contains("\nS 220 mail.shop.example ", "\nC MAIL FROM:<me@far.example>")
                    .contains("\nC RCPT TO:<bob@shop.example>", " of content)\n", "\nC QUIT\n");
            assertThat(received.take())
                    .contains("X-Test: 7\r\n", "Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n")
                    .contains("WmVpbGUgw7w=", "filename=\"note _.txt\"", "YXR0YWNoZWQ=");
        }
    }

    @Test
    void itStopsWhereItIsAskedTo() {
        try (Posthouse mail = start()) {
            for (String stage : List.of("connect", "ehlo", "tls", "auth", "mail", "rcpt")) {
                CommandRun run = send(mail, "--to=ada@shop.example", "--stop-after=" + stage);
                assertThat(run.exit()).as(run.out()).isZero();
                assertThat(run.out()).contains("\nC QUIT\nS 221 ").doesNotContain("C DATA");
                assertThat(run.out().contains("C RCPT")).isEqualTo(stage.equals("rcpt"));
            }
            assertThat(received).isEmpty();
        }
    }

    @Test
    void refusalsAndUnreachableServersHaveTheirCodes() {
        int port;
        try (Posthouse mail = start()) {
            port = mail.port();
            CommandRun run = send(mail, "--to=ada@far.example", "--json");
            assertThat(run.exit()).isEqualTo(Exit.REFUSED);
            assertThat(run.out())
                    .contains("{\"who\":\"S\",\"text\":\"553 5.7.1 ", "\"micros\":")
                    .contains("{\"who\":\"-\",\"text\":\"not taken for ada@far.example");
            CommandRun tls = send(mail, "--to=ada@shop.example", "--tls=require");
            assertThat(tls.exit()).isEqualTo(Exit.TEMPORARY);
            assertThat(tls.out()).contains("does not offer STARTTLS");
            assertThat(send(mail, "--to=ada@shop.example", "--tls=x").exit()).isEqualTo(Exit.USAGE);
            assertThat(send(mail, "--to=ada@shop.example", "--header=x").exit())
                    .isEqualTo(Exit.USAGE);
            assertThat(send(mail, "--to=ada@shop.example", "--auth=a", "--password=p").exit())
                    .isEqualTo(Exit.USAGE);
            assertThat(send(mail, "--to=ada@shop.example", "--body=@/no/file").exit())
                    .isEqualTo(Exit.NO_INPUT);
        }
        CommandRun none = CommandRun.of("send", "--to=a@b.example", "--server=127.0.0.1:" + port);
        assertThat(none.exit()).isEqualTo(Exit.UNAVAILABLE);
    }

    @Test
    void secretsAreNotShown() {
        var out = new StringWriter();
        var transcript = new SendTranscript(new PrintWriter(out), false, () -> 0);
        for (String line : List.of("AUTH PLAIN AHMAcw==", "c2VjcmV0", "MAIL FROM:<a@b.example>")) {
            byte[] octets = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
            transcript.said(octets, 0, octets.length);
            byte[] reply =
                    (line.startsWith("A") ? "334 x\r\n" : "235 ok\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
            transcript.heard(reply, 0, reply.length);
        }
        assertThat(out.toString())
                .contains("C AUTH PLAIN ***\n", "C *** (8 characters)\n", "C MAIL FROM:<a@b")
                .doesNotContain("AHMAcw", "c2VjcmV0");
    }
}

package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.testkit.FaultPoint.auth;
import static org.posthouse.testkit.FaultPoint.connect;
import static org.posthouse.testkit.FaultPoint.data;
import static org.posthouse.testkit.FaultPoint.dot;
import static org.posthouse.testkit.FaultPoint.helo;
import static org.posthouse.testkit.FaultPoint.mailFrom;
import static org.posthouse.testkit.FaultPoint.rcptTo;
import static org.posthouse.testkit.MailAssertions.assertThat;
import static org.posthouse.testkit.Selectors.any;
import static org.posthouse.testkit.Selectors.containing;
import static org.posthouse.testkit.Selectors.from;
import static org.posthouse.testkit.Selectors.login;
import static org.posthouse.testkit.Selectors.subject;
import static org.posthouse.testkit.Selectors.to;

import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

@PosthouseTest(logins = "app:secret")
final class MailSandboxTest {
    private static final String ADA = "ada@example.com";
    private static final String APP = "no-reply@shop.example";

    @Test
    void showsAMailAsItIsMeant(MailSandbox mail) throws Exception {
        var message = Mailer.to(mail).message(APP, ADA, "bob@example.com");
        message.setSubject("Verify, Grüße aus Köln", "UTF-8");
        var plain = new MimeBodyPart();
        plain.setText("Hällo\nhttps://shop.example/verify?t=1 code 123456", "UTF-8");
        var html = new MimeBodyPart();
        html.setContent("<p>Hällo <img src=\"cid:x\"></p>", "text/html; charset=UTF-8");
        var file = new MimeBodyPart();
        file.setDataHandler(
                new jakarta.activation.DataHandler(
                        new jakarta.mail.util.ByteArrayDataSource(
                                new byte[] {1, 2, 3}, "application/octet-stream")));
        file.setFileName("a.bin");
        message.setContent(new MimeMultipart(plain, html, file));
        Transport.send(message);

        ReceivedMail received = mail.awaitOne(to(ADA).subject(containing("Verify")));

        assertThat(received)
                .isFrom(APP)
                .isTo(ADA, "bob@example.com")
                .hasSubject("Verify, Grüße aus Köln")
                .hasTextContaining("Hällo\nhttps")
                .hasHtmlContaining("<p>Hällo")
                .hasAttachment("a.bin")
                .hasNoRemoteContent();
        assertThat(received.attachments().getFirst().octets()).containsExactly(1, 2, 3);
        assertThat(received.firstLink("/verify")).isEqualTo("https://shop.example/verify?t=1");
        assertThat(received.firstCode()).isEqualTo("123456");
        assertThat(received.raw()).startsWith("Date: ".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void beginsEmpty(MailSandbox mail) throws Exception {
        assertThat(mail.received()).isEmpty();
        Mailer.to(mail).send(APP, ADA, "one", "text");
        assertThat(mail.awaitAll(1, any())).hasSize(1);
    }

    @Test
    void retriesWhenMailboxIsFull(MailSandbox mail) throws Exception {
        Fault full = mail.when(rcptTo("ada@*")).refuse(452, "4.2.2", "mailbox full").times(2);
        mail.when(rcptTo("nobody@*")).drop();
        Mailer app = Mailer.to(mail);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> app.send(APP, ADA, "invoice", "text"))
                    .hasStackTraceContaining("452 4.2.2 mailbox full");
        }
        app.send(APP, ADA, "invoice", "text");

        mail.awaitOne(to(ADA));
        assertThat(mail.attempts(to(ADA))).hasSize(3);
        assertThat(mail.attempts(to(ADA)).getFirst().refusals().toString()).contains("452");
        assertThat(full.uses()).isEqualTo(2);
        assertThat(mail.unusedFaults()).containsExactly("rcpt to nobody@*: drop");
    }

    @Test
    void tellsWhatCameInsteadOfWhatWasMeant(MailSandbox mail) throws Exception {
        mail.when(rcptTo("full@*")).refuse(452, "4.2.2", "mailbox full");
        Mailer.to(mail).send(APP, ADA, "Hello", "text");
        assertThatThrownBy(() -> Mailer.to(mail).send(APP, "full@example.com", "x", "y"))
                .isInstanceOf(MessagingException.class);

        assertThatThrownBy(
                        () ->
                                mail.awaitOne(
                                        to("bob@*").subject(containing("Verify")),
                                        Duration.ofMillis(20)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no mail within 20 ms: to bob@*, subject containing")
                .hasMessageContaining(APP + " -> " + ADA + " \"Hello\"")
                .hasMessageContaining("to bob@*: it has [ada@example.com]")
                .hasMessageContaining("subject containing \"Verify\": it has [Hello]")
                .hasMessageContaining("full@example.com: [452 4.2.2 mailbox full]");
    }

    @Test
    void failsWhereSeveralMatchOne(MailSandbox mail) throws Exception {
        Mailer.to(mail).send(APP, ADA, "Hello", "text");
        Mailer.to(mail).send(APP, ADA, "Hello", "text");
        mail.awaitAll(2, from(APP));
        assertThatThrownBy(() -> mail.awaitOne(subject("Hello")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("one mail was meant");
    }

    @Test
    void takesLoginsWithAndWithoutTls(MailSandbox mail) throws Exception {
        for (boolean isSecured : new boolean[] {false, true}) {
            var message = new Mailer(mail, isSecured).message(APP, ADA);
            message.setText("text");
            Transport.send(message, "app", "secret");
            assertThatThrownBy(() -> Transport.send(message, "app", "wrong"))
                    .hasStackTraceContaining("535");
        }
        assertThat(mail.awaitAll(2, login("app"))).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void failsAtEachStage(Stage stage, MailSandbox mail) throws Exception {
        FaultPoint point =
                switch (stage) {
                    case CONNECT -> connect();
                    case HELO -> helo();
                    case AUTH -> auth("app");
                    case MAIL_FROM -> mailFrom(APP);
                    case RCPT_TO -> rcptTo();
                    case DATA -> data();
                    case DOT -> dot();
                };
        var message = Mailer.to(mail).message(APP, ADA);
        message.setText("text");
        List<Callable<Fault>> faults =
                List.of(
                        () -> mail.when(point).refuse(550, "5.7.1", "as wanted").once(),
                        () -> mail.when(point).close().once(),
                        () -> mail.when(point).drop().once(),
                        () -> mail.when(point).corrupt().once());
        for (Callable<Fault> each : faults) {
            Fault fault = each.call();
            if (stage == Stage.HELO) {
                fault.times(2); // EHLO, and HELO after it
            }
            assertThatThrownBy(() -> Transport.send(message, "app", "secret"))
                    .as(fault.toString())
                    .isInstanceOf(MessagingException.class);
            assertThat(fault.uses()).as(fault.toString()).isPositive();
            fault.times(0);
        }
        assertThat(mail.received()).isEmpty();
        mail.when(point).delay(Duration.ofMillis(1));
        Transport.send(message, "app", "secret");
        assertThat(mail.received()).hasSize(1);
    }

    @Test
    void breaksInTheMiddleOfTheContent(MailSandbox mail) throws Exception {
        mail.when(data()).dropAfter(1000).once();
        String text = "0123456789\n".repeat(10_000);
        assertThatThrownBy(() -> Mailer.to(mail).send(APP, ADA, "long", text))
                .isInstanceOf(MessagingException.class);
        assertThat(mail.received()).isEmpty();
        Mailer.to(mail).send(APP, ADA, "long", text);
        assertThat(mail.awaitOne(to(ADA)).text()).isEqualTo(text);
    }

    @Test
    void letsClientsWaitWithoutEnd(MailSandbox mail) throws Exception {
        Fault fault = mail.when(rcptTo()).hang();
        var message = Mailer.to(mail).message(APP, ADA);
        message.getSession().getProperties().put("mail.smtp.timeout", "50");
        message.setText("text");
        assertThatThrownBy(() -> Transport.send(message)).hasStackTraceContaining("timed out");
        assertThat(fault.uses()).isEqualTo(1);
    }

    @Test
    void greylistsEachPairOnce(MailSandbox mail) throws Exception {
        mail.when(rcptTo()).greylist();
        for (String to : List.of(ADA, "bob@example.com")) {
            assertThatThrownBy(() -> Mailer.to(mail).send(APP, to, "x", "y"))
                    .hasStackTraceContaining("451 4.7.1");
            Mailer.to(mail).send(APP, to, "x", "y");
        }
        assertThat(mail.received()).hasSize(2);
    }

    @Test
    void failsHandshakes(MailSandbox mail) throws Exception {
        mail.when(connect()).tlsFail().once();
        Mailer secured = new Mailer(mail, true);
        assertThatThrownBy(() -> secured.send(APP, ADA, "x", "y"))
                .hasStackTraceContaining("handshake");
        secured.send(APP, ADA, "x", "y");
        assertThat(mail.received()).hasSize(1);
    }

    @Test
    void strikesByChanceAsTheSeedSays(MailSandbox mail) {
        List<Integer> uses = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Fault fault = mail.when(rcptTo()).drop().probability(0.5, 42);
            IntStream.range(0, 100).forEach(n -> fault.strikes(Stage.RCPT_TO, ADA, APP));
            uses.add(fault.uses());
        }
        assertThat(uses.getFirst()).isBetween(30, 70).isEqualTo(uses.getLast());
    }

    @Test
    void keepsTwoHundredTestsApart() throws Exception {
        var setup =
                new SandboxServer.Setup(
                        org.posthouse.server.ListenerSettings.Tls.OFFER,
                        java.util.Map.of(),
                        false,
                        0);
        try (SandboxServer server = SandboxServer.start(setup);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> tests = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                tests.add(() -> oneOfMany(MailSandbox.of(server)));
            }
            for (Future<Integer> test : threads.invokeAll(tests)) {
                assertThat(test.get()).isEqualTo(2);
            }
        }
    }

    /** Two tries of one mail, of which a fault of this test alone refuses the first. */
    private static int oneOfMany(MailSandbox mail) throws Exception {
        String ada = mail.address("ada");
        mail.when(rcptTo("ada@*")).refuse(452, "4.2.2", "mailbox full").once();
        assertThatThrownBy(() -> Mailer.to(mail).send(APP, ada, "Hello", "text"))
                .isInstanceOf(MessagingException.class);
        Mailer.to(mail).send(APP, ada, "Hello", "text");
        assertThat(mail.awaitOne(subject("Hello"), Duration.ofSeconds(30))).isTo(ada);
        assertThat(mail.received()).hasSize(1);
        return mail.attempts(any()).size();
    }
}

package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.testkit.FaultPoint.rcptTo;
import static org.posthouse.testkit.Selectors.any;
import static org.posthouse.testkit.Selectors.login;

import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.posthouse.server.ListenerSettings.Tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The ways a sandbox comes to a test, and how long it lives. */
final class SandboxLifeTest {
    private static final String ADA = "ada@example.com";
    private static final String APP = "no-reply@shop.example";

    private static void send(MailSandbox to) throws MessagingException {
        Mailer.to(to).send(APP, ADA, "Hello", "text");
    }

    private static void sendAsApp(MailSandbox to) throws MessagingException {
        MimeMessage message = Mailer.to(to).message(APP, ADA);
        message.setText("text");
        Transport.send(message, "app", "secret");
    }

    /** A static field: one server a class, empty as each test begins. */
    @Nested
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    class OfAClass {
        @RegisterExtension
        static final MailSandbox mail =
                MailSandbox.builder().login("app", "secret").tls(Tls.OFF).build();

        private static int port;

        @Test
        @Order(1)
        void getsMail() throws Exception {
            port = mail.port();
            mail.when(rcptTo("bob@*")).refuse(550, "5.1.1", "no such user");
            sendAsApp(mail);
            assertThat(mail.received(login("app"))).hasSize(1);
        }

        @Test
        @Order(2)
        void isEmptyAndTheSameServer() throws Exception {
            assertThat(mail.port()).isEqualTo(port);
            assertThat(mail.received()).isEmpty();
            assertThat(mail.attempts(any())).isEmpty();
            Mailer.to(mail).send(APP, "bob@example.com", "Hello", "text");
            assertThat(mail.received()).hasSize(1);
        }
    }

    @Nested
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    class OfATest {
        @RegisterExtension final MailSandbox mail = MailSandbox.builder().build();

        private static MailSandbox first = MailSandbox.builder().build();
        private static int port;

        @Test
        @Order(1)
        void runs() throws Exception {
            first = mail;
            port = mail.port();
            send(mail);
            assertThat(mail.received()).hasSize(1);
        }

        @Test
        @Order(2)
        void isAnotherOneAndTheFirstHasEnded() throws Exception {
            send(mail);
            assertThat(mail.received()).hasSize(1);
            assertThatThrownBy(() -> first.received())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the sandbox does not run: no test does");
            assertThat(port).isPositive();
        }

        @AfterAll
        static void forget() {
            first.close();
        }
    }

    @Test
    void startsWithoutJUnitAndEndsWhenClosed() throws Exception {
        MailSandbox mail = MailSandbox.builder().start();
        int port = mail.port();
        send(mail);
        assertThat(mail.received()).hasSize(1);

        mail.close();
        mail.close();

        assertThatThrownBy(() -> new Socket(mail(port).getAddress(), port).close())
                .isInstanceOf(IOException.class);
        assertThatThrownBy(mail::port).isInstanceOf(IllegalStateException.class);
    }

    private static InetSocketAddress mail(int port) {
        return new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void takesThePortThatItIsTold() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (MailSandbox mail = MailSandbox.builder().port(port).start()) {
            assertThat(mail.port()).isEqualTo(port);
            assertThatThrownBy(() -> MailSandbox.builder().port(port).start())
                    .hasMessageContaining("" + port);
        }
    }

    @Test
    void asksForALoginWhereToldTo() throws Exception {
        try (MailSandbox mail =
                MailSandbox.builder().login("app", "secret").loginNeeded().start()) {
            try (var socket = new Socket(mail.host(), mail.port())) {
                var out = socket.getOutputStream();
                out.write("EHLO x\r\nMAIL FROM:<a@x.example>\r\nQUIT\r\n".getBytes("US-ASCII"));
                String said = new String(socket.getInputStream().readAllBytes(), "US-ASCII");
                assertThat(said).contains("\r\n530 5.7.0");
            }
            sendAsApp(mail);
            assertThat(mail.received(login("app"))).hasSize(1);
        }
    }

    @Test
    void mailOfNoHandlesOwnIsSeenByAllAndAnothersByNone() throws Exception {
        var setup = new SandboxServer.Setup(Tls.OFFER, java.util.Map.of(), false, 0);
        try (SandboxServer server = SandboxServer.start(setup)) {
            MailSandbox one = MailSandbox.of(server);
            MailSandbox two = MailSandbox.of(server);

            Mailer.to(one).send(APP, ADA, "nobody's", "x");
            Mailer.to(one).send(APP, one.address("ada"), "to one", "x");
            Mailer.to(one).send(two.address("app"), ADA, "from two", "x");
            Mailer.to(one).send(two.address("app"), one.address("ada"), "of both", "x");
            MailSandbox later = MailSandbox.of(server);

            assertThat(one.received())
                    .extracting(ReceivedMail::subject)
                    .containsExactly("nobody's", "to one", "of both");
            assertThat(two.received())
                    .extracting(ReceivedMail::subject)
                    .containsExactly("nobody's", "from two", "of both");
            assertThat(later.received()).isEmpty();
        }
    }
}

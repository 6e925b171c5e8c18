package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.AuthenticationFailedException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** Other people's clients log in, each in every way that it has in common with us. */
@Tag("interop")
class LoginTest {
    private static final String LOGIN = "ada";
    private static final String PASSWORD = "secret";

    @TempDir static Path folder;
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() {
        SubmissionTest.credentials(folder);
        daemon =
                DaemonProcess.start(
                        folder,
                        SubmissionTest.SUBMISSION.replace(
                                "users = \"file:users\"",
                                """
                                users = "file:users"
                                mechanisms = ["SCRAM-SHA-256", "PLAIN", "LOGIN", "CRAM-MD5"]
                                """));
    }

    @AfterAll
    static void stop() {
        if (daemon != null) {
            assertThat(daemon.stop()).isZero();
            daemon.close();
            assertThat(daemon.log()).doesNotContain("\tat ").doesNotContain(PASSWORD);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scram-sha-256", "plain", "login", "cram-md5"})
    void msmtp(String mechanism) {
        String mailbox = "msmtp-" + mechanism;
        SubProcess wrong =
                Programs.msmtp(folder, daemon.port(), mechanism, LOGIN, "Secret", mailbox);
        assertThat(wrong.exitCode()).as(wrong.text()).isNotZero();
        assertThat(wrong.text()).contains("535 5.7.8");
        SubProcess sent =
                Programs.msmtp(folder, daemon.port(), mechanism, LOGIN, PASSWORD, mailbox);
        assertThat(sent.exitCode()).as(sent.text() + daemon.log()).isZero();
        assertArrived(mailbox);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "CRAM-MD5"})
    void swaks(String mechanism) {
        String mailbox = "swaks-" + mechanism.toLowerCase(java.util.Locale.ROOT);
        SubProcess wrong = swaks(mechanism, "Secret", mailbox);
        assertThat(wrong.exitCode()).as(wrong.text()).isNotZero();
        assertThat(wrong.text()).contains("535 5.7.8");
        SubProcess sent = swaks(mechanism, PASSWORD, mailbox);
        assertThat(sent.exitCode()).as(sent.text() + daemon.log()).isZero();
        assertArrived(mailbox);
    }

    private static SubProcess swaks(String mechanism, String password, String mailbox) {
        return Programs.swaks(
                folder,
                daemon.port(),
                "--tls",
                "--auth",
                mechanism,
                "--auth-user",
                LOGIN,
                "--auth-password",
                password,
                "--from",
                "ada@shop.example",
                "--to",
                mailbox + "@shop.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void jakartaMail(String mechanism) throws Exception {
        String mailbox = "jakarta-" + mechanism.toLowerCase(java.util.Locale.ROOT);
        var client = new JakartaMail(daemon.port(), mechanism);
        assertThatThrownBy(() -> client.send(LOGIN, "Secret", mailbox))
                .isInstanceOf(AuthenticationFailedException.class);
        client.send(LOGIN, PASSWORD, mailbox);
        assertArrived(mailbox);
    }

    private static void assertArrived(String mailbox) {
        String message = daemon.maildir("shop.example", mailbox).await(1, daemon::log).getFirst();
        assertThat(message).contains("with ESMTPSA").doesNotContain(PASSWORD);
    }
}

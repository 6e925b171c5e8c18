package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import javax.net.ssl.SSLException;

/** Mail leaves for a real Postfix that knows its clients by their certificates. */
@Tag("interop")
class OwnCertificateTest {
    private static final String ADDRESS = "127.0.0.4";

    @TempDir Path folder;

    @BeforeEach
    void programs() {
        assumeFalse(PostfixPeer.program().isEmpty(), "Postfix is not installed");
        assumeFalse(SubProcess.find("/usr/bin/openssl").isEmpty(), "openssl is not installed");
        assumeTrue(System.getProperty("user.name", "").equals("root"), "Postfix runs as root only");
        for (String name : List.of("server", "client", "stranger")) {
            certificate(name);
        }
    }

    /** It asks, and relays for those whose fingerprint it knows. */
    @Test
    void postfixKnowsAFingerprint() {
        int port = Ports.free(ADDRESS);
        String fingerprint = fingerprint("client").toUpperCase(Locale.ROOT);
        try (PostfixPeer postfix =
                        postfix(
                                port,
                                """
                                smtpd_tls_ask_ccert = yes
                                smtpd_tls_fingerprint_digest = sha256
                                relay_clientcerts = inline:{ { %s = us } }
                                smtpd_recipient_restrictions = permit_tls_clientcerts, reject
                                """
                                        .formatted(fingerprint));
                DaemonProcess daemon = relay(port)) {
            send(daemon, "known");
            assertThat(postfix.maildir().await(1, () -> daemon.log() + postfix.log()).getFirst())
                    .contains("Subject: known");
            for (String refused : List.of("wrong", "none")) {
                send(daemon, refused);
                Await.until(
                        refused + " is refused",
                        Await.LONG,
                        () -> said(daemon, refused).contains("554 5.7.1"),
                        () -> daemon.log() + postfix.log());
            }
            daemon.maildir("shop.example", "bob").await(2, daemon::log);
            assertThat(postfix.maildir().messages()).hasSize(1);
        }
    }

    /** It demands one of its authority, in either version of TLS. */
    @ParameterizedTest
    @CsvSource({">=TLSv1.3", "TLSv1.2"})
    void postfixDemandsOneThatItTrusts(String versions) {
        int port = Ports.free(ADDRESS);
        try (PostfixPeer postfix =
                        postfix(
                                port,
                                """
                                smtpd_tls_req_ccert = yes
                                smtpd_tls_security_level = encrypt
                                smtpd_tls_mandatory_protocols = %s
                                smtpd_tls_CAfile = %s/client.pem
                                """
                                        .formatted(versions, folder));
                DaemonProcess daemon = relay(port)) {
            send(daemon, "known");
            postfix.maildir().await(1, () -> daemon.log() + postfix.log());
            assertWaits(daemon, "wrong", "Client certificate not trusted");
            assertWaits(daemon, "none", "No client certificate presented");
            assertThat(postfix.maildir().messages()).hasSize(1);
        }
    }

    /** Java's own end of TLS tells it by an alert: with 1.3, only when the handshake is over. */
    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, the host wants a certificate of ours",
        "TLSv1.2, fatal alert: handshake_failure"
    })
    void anAlertIsToldInPlainWords(String version, String none) throws IOException {
        TlsPeer.prepare();
        try (var listening = new ServerSocket()) {
            listening.bind(new InetSocketAddress(ADDRESS, 0));
            Thread.ofPlatform().daemon().start(() -> refuseAll(listening, version));
            try (DaemonProcess daemon = relay(listening.getLocalPort())) {
                assertWaits(daemon, "wrong", "the host does not take our certificate");
                assertWaits(daemon, "none", none);
            }
        }
    }

    private static void refuseAll(ServerSocket listening, String version) {
        try {
            while (true) {
                try (Socket open = listening.accept()) {
                    refuse(open, version);
                } catch (SSLException e) {
                    // as it should be
                }
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private static void refuse(Socket open, String version) throws IOException {
        var in = new BufferedReader(new InputStreamReader(open.getInputStream(), US_ASCII));
        OutputStream out = open.getOutputStream();
        for (String reply : List.of("220 mx", "250-mx\r\n250 STARTTLS", "220 go on")) {
            out.write((reply + "\r\n").getBytes(US_ASCII));
            if (!reply.startsWith("220 go") && in.readLine() == null) {
                return;
            }
        }
        TlsPeer.secureDemanding(open, version).close();
    }

    /** It waits, and the reply says why. */
    private static void assertWaits(DaemonProcess daemon, String domain, String why) {
        send(daemon, domain);
        Await.until(
                "it waits for: " + why,
                Await.LONG,
                () -> !said(daemon, domain).isEmpty(),
                daemon::log);
        assertThat(said(daemon, domain)).contains(" deferred ", why);
    }

    private static String said(DaemonProcess daemon, String domain) {
        return daemon.log()
                .lines()
                .filter(line -> line.contains(" deferred ") || line.contains(" failed "))
                .filter(line -> line.contains("@" + domain + ".example"))
                .findFirst()
                .orElse("");
    }

    private PostfixPeer postfix(int port, String more) {
        return PostfixPeer.start(
                folder("postfix"),
                ADDRESS,
                port,
                """
                virtual_mailbox_domains = known.example wrong.example none.example
                smtpd_tls_security_level = may
                smtpd_tls_loglevel = 1
                smtpd_tls_cert_file = %1$s/server.pem
                smtpd_tls_key_file = %1$s/server.key
                """
                                .formatted(folder)
                        + more);
    }

    private DaemonProcess relay(int port) {
        return DaemonProcess.start(
                folder,
                Configurations.LOCAL
                        + Configurations.RELAY
                        + route("known", port, "client")
                        + route("wrong", port, "stranger")
                        + route("none", port, "")
                        + Configurations.retry("1s"));
    }

    private static String route(String name, int port, String certificate) {
        String shown =
                """
                certificate = "file:%1$s.pem"
                key = "file:%1$s.key"
                """
                        .formatted(certificate);
        return """

        [[route]]
        name = "%1$s"
        to = ["*@%1$s.example"]
        via = "smarthost"
        host = "%2$s:%3$d"
        tls = "require"
        """
                        .formatted(name, ADDRESS, port)
                + (certificate.isEmpty() ? "" : shown);
    }

    private static void send(DaemonProcess daemon, String name) {
        try (Sender sender = Sender.connect(daemon.port())) {
            String text = "Subject: " + name + "\r\n\r\nhello\r\n";
            assertThat(sender.send("bob@shop.example", "ada@" + name + ".example", text))
                    .startsWith("250 ");
        } catch (IOException e) {
            throw new AssertionError(daemon.log(), e);
        }
    }

    private void certificate(String name) {
        openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3 -subj /CN=%1$s"
                                .formatted(name)
                        + " -keyout %1$s.key -out %1$s.pem".formatted(name));
    }

    private String fingerprint(String name) {
        String told = openssl("x509 -in " + name + ".pem -noout -fingerprint -sha256");
        return told.substring(told.indexOf('=') + 1).strip();
    }

    private String openssl(String arguments) {
        SubProcess done = SubProcess.run(folder, ("openssl " + arguments).split(" "));
        assertThat(done.exitCode()).as(done.text()).isZero();
        return done.out();
    }

    private Path folder(String name) {
        try {
            return Files.createDirectory(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Mail leaves for a real Postfix with STARTTLS, whose domains publish by a real unbound and nsd
 * what it has to prove.
 */
@Tag("interop")
class SecuredRelayTest {
    private static final String MAIL = "127.0.0.4";
    private static final String POLICIES = "127.0.0.6";

    /** By the domain; the certificate of Postfix is for the hosts of these. */
    private static final String NAMES =
            "DNS:mail.match.example,DNS:mail.issuer.example,DNS:mail.policy.example,"
                    + "DNS:mta-sts.policy.example,DNS:mta-sts.other.example";

    @TempDir Path folder;

    @BeforeEach
    void programs() {
        assumeTrue(SignedDns.missing().isEmpty(), SignedDns.missing() + " is not installed");
        assumeFalse(PostfixPeer.program().isEmpty(), "Postfix is not installed");
        assumeTrue(System.getProperty("user.name", "").equals("root"), "Postfix runs as root only");
        certificates();
    }

    @Test
    void whatTlsaRecordsSayIsKeptTo() {
        int port = Ports.free(MAIL);
        String own = tlsa("own");
        String issuer = tlsa("ca");
        try (SignedDns dns =
                        new SignedDns(folder("dns"))
                                .signed("match.example", zone("match", port, "3 1 1 " + own))
                                .signed("issuer.example", zone("issuer", port, "2 1 1 " + issuer))
                                .signed("wrong.example", zone("wrong", port, "3 1 1 " + issuer))
                                .signed("forged.example", zone("forged", port, "3 1 1 " + issuer))
                                .forged("forged.example", issuer, own)
                                .expired("expired.example", zone("expired", port, "3 1 1 " + own))
                                .signed("none.example", "@ IN MX 10 mail\nmail IN A " + MAIL + "\n")
                                .plain("plain.example", zone("plain", port, "3 1 1 " + issuer))
                                .start();
                PostfixPeer postfix = postfix(port);
                DaemonProcess daemon = relay(dns, port, Map.of())) {
            for (String taken : List.of("match", "issuer", "none", "plain")) {
                send(daemon, taken);
            }
            postfix.maildir().await(4, () -> daemon.log() + postfix.log() + dns.text());
            assertThat(opened(daemon, "match")).contains(" tls=dane version=TLSv1.3");
            assertThat(opened(daemon, "issuer")).contains(" tls=dane version=TLSv1.3");
            assertThat(opened(daemon, "none")).contains(" tls=opportunistic ");
            assertThat(opened(daemon, "plain")).contains(" tls=opportunistic ");
            assertThat(daemon.log()).doesNotContain("unproven");

            for (String kept : List.of("wrong", "forged", "expired")) {
                send(daemon, kept);
                Await.until(
                        kept + " is deferred",
                        Await.LONG,
                        () -> count(daemon.log(), " deferred ", "@" + kept + ".example") > 0,
                        () -> daemon.log() + dns.text());
            }
            assertThat(unproven(daemon, "wrong.example"))
                    .contains("by=mail.wrong.example wanted=dane used=no fault=tlsa-invalid");
            assertThat(unproven(daemon, "forged.example"))
                    .contains("by=mail.forged.example wanted=dane used=no fault=dnssec-invalid");
            assertThat(daemon.log()).contains("look-up of the MX of expired.example failed");
            assertThat(postfix.maildir().messages()).hasSize(4);
            assertThat(postfix.log()).doesNotContain("wrong.example", "forged.example");
        }
    }

    @Test
    void whatAPolicyOfMtaStsSaysIsKeptTo() throws IOException, GeneralSecurityException {
        int port = Ports.free(MAIL);
        HttpsServer policies = HttpsServer.create();
        assumeTrue(isBound(policies), "port 443 of " + POLICIES + " can't be bound");
        serve(policies);
        var java =
                Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-Djavax.net.ssl.trustStore=%1$s/trust.p12".formatted(folder)
                                + " -Djavax.net.ssl.trustStorePassword=secret");
        String record = "_mta-sts IN TXT \"v=STSv1; id=1;\"\nmta-sts IN A %s\n".formatted(POLICIES);
        try (SignedDns dns =
                        new SignedDns(folder("dns"))
                                .plain("policy.example", record + zone("policy", port, ""))
                                .plain("other.example", record + zone("other", port, ""))
                                .start();
                PostfixPeer postfix = postfix(port);
                DaemonProcess daemon = relay(dns, port, java)) {
            policies.start();
            send(daemon, "policy");
            postfix.maildir().await(1, () -> daemon.log() + postfix.log());
            assertThat(opened(daemon, "policy")).contains(" tls=mta-sts version=TLSv1.3");
            send(daemon, "other");
            Await.until(
                    "it is deferred",
                    Await.LONG,
                    () -> count(daemon.log(), " deferred ", "@other.example") > 0,
                    daemon::log);
            assertThat(unproven(daemon, "other.example"))
                    .contains("wanted=mta-sts used=no fault=certificate-host-mismatch");
            assertThat(postfix.maildir().messages()).hasSize(1);
            assertThat(daemon.stop()).isZero();
            assertThat(folder.resolve("data/mta-sts-policies"))
                    .content()
                    .contains(" policy.example mail.policy.example\n", " other.example ");
        } finally {
            policies.stop(0);
        }
    }

    private static boolean isBound(HttpsServer server) throws IOException {
        try {
            server.bind(new InetSocketAddress(POLICIES, 443), 0);
            return true;
        } catch (BindException e) {
            return false;
        }
    }

    /** Policies of both domains; each names the host of the first only. */
    private void serve(HttpsServer server) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(folder.resolve("own.p12"))) {
            keys.load(in, "secret".toCharArray());
        }
        var manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        manager.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(manager.getKeyManagers(), null, null);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        byte[] policy =
                "version: STSv1\nmode: enforce\nmx: mail.policy.example\nmax_age: 86400\n"
                        .getBytes(StandardCharsets.US_ASCII);
        server.createContext(
                "/.well-known/mta-sts.txt",
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/plain");
                    exchange.sendResponseHeaders(200, policy.length);
                    exchange.getResponseBody().write(policy);
                    exchange.close();
                });
    }

    private static String zone(String name, int port, String tlsa) {
        String mail = "@ IN MX 10 mail.%s.example.\nmail IN A %s\n".formatted(name, MAIL);
        return tlsa.isEmpty() ? mail : mail + "_%d._tcp.mail IN TLSA %s\n".formatted(port, tlsa);
    }

    private PostfixPeer postfix(int port) {
        return PostfixPeer.start(
                folder("postfix"),
                MAIL,
                port,
                """
                virtual_mailbox_domains = match.example issuer.example wrong.example
                    forged.example expired.example none.example plain.example policy.example
                    other.example
                smtpd_tls_security_level = may
                smtpd_tls_cert_file = %1$s/chain.pem
                smtpd_tls_key_file = %1$s/own.key
                """
                        .formatted(folder));
    }

    private DaemonProcess relay(SignedDns dns, int port, Map<String, String> environment) {
        return DaemonProcess.start(
                folder,
                Configurations.LOCAL
                        + Configurations.RELAY
                        + Configurations.byMx(dns.port(), port)
                        + Configurations.retry("1s"),
                environment);
    }

    private static void send(DaemonProcess daemon, String name) {
        try (Sender sender = Sender.connect(daemon.port())) {
            String to = "ada@" + name + ".example";
            assertThat(
                            sender.send(
                                    "bob@shop.example",
                                    to,
                                    "Subject: " + name + "\r\n\r\nhello\r\n"))
                    .startsWith("250 ");
        } catch (IOException e) {
            throw new AssertionError(daemon.log(), e);
        }
    }

    private static String opened(DaemonProcess daemon, String name) {
        return line(daemon, " opened ", "by=mail." + name + ".example[");
    }

    private static String unproven(DaemonProcess daemon, String domain) {
        return line(daemon, " unproven ", "domain=" + domain);
    }

    private static String line(DaemonProcess daemon, String... parts) {
        return daemon.log()
                .lines()
                .filter(each -> List.of(parts).stream().allMatch(each::contains))
                .findFirst()
                .orElse("");
    }

    private static long count(String log, String... parts) {
        return log.lines().filter(each -> List.of(parts).stream().allMatch(each::contains)).count();
    }

    /** An authority, and a certificate of it for all names; what Java needs of both. */
    private void certificates() {
        DaemonProcess.write(folder.resolve("names"), "subjectAltName=" + NAMES + "\n");
        openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3 -subj"
                    + " /CN=authority -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out"
                    + " ca.pem");
        openssl(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=own -keyout"
                        + " own.key -out own.csr");
        openssl(
                "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 -extfile"
                        + " names -out own.pem");
        DaemonProcess.write(
                folder.resolve("chain.pem"),
                read(folder.resolve("own.pem")) + read(folder.resolve("ca.pem")));
        openssl("pkcs12 -export -in own.pem -inkey own.key -passout pass:secret -out own.p12");
        run(
                Path.of(System.getProperty("java.home"), "bin", "keytool")
                        + " -importcert -noprompt -storetype PKCS12 -storepass secret -alias ca"
                        + " -file ca.pem -keystore trust.p12");
    }

    /** The SHA-256 of a certificate's public key. */
    private String tlsa(String name) {
        openssl("x509 -in " + name + ".pem -noout -pubkey -out " + name + ".pub");
        openssl("pkey -pubin -in " + name + ".pub -outform DER -out " + name + ".der");
        return run("openssl dgst -sha256 -r " + name + ".der").out().substring(0, 64);
    }

    private void openssl(String arguments) {
        run("openssl " + arguments);
    }

    private SubProcess run(String command) {
        SubProcess done = SubProcess.run(folder, command.split(" "));
        assertThat(done.exitCode()).as(done.text()).isZero();
        return done;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path folder(String name) {
        try {
            return Files.createDirectory(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.platform.TlsContexts.Pem;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;

import javax.net.ssl.SSLContext;

/** Which certificate a client is shown, over real sockets. */
class NamedKeysTest {
    private static SSLContext context;

    @BeforeAll
    static void make(@TempDir Path folder) throws Exception {
        context =
                TlsContexts.fromPems(
                        List.of(
                                pem(folder, "EC", "dns:first.example"),
                                pem(folder, "RSA", "dns:second.example,dns:*.wild.example"),
                                pem(folder, "EC", "dns:third.example,dns:a.wild.example")));
    }

    private static Pem pem(Path folder, String algorithm, String names) throws Exception {
        Path own = Files.createTempDirectory(folder, "made");
        Keytool made = Keytool.make(own, algorithm, names);
        return new Pem(made.certificatePem(), made.keyPem());
    }

    @ParameterizedTest
    @CsvSource({
        "first.example, first.example",
        "second.example, second.example",
        "SECOND.example, second.example",
        "third.example, third.example",
        "b.wild.example, second.example",
        "b.b.wild.example, first.example",
        // an RSA certificate that has the name goes before an EC one that comes later
        "unknown.example, first.example",
        "192.0.2.1, first.example",
    })
    void theFirstThatHasTheNameElseTheFirst(String asked, String shown) throws Exception {
        X509Certificate certificate = shownTo(asked);
        assertThat(certificate.getSubjectAlternativeNames().iterator().next().get(1))
                .isEqualTo(shown);
    }

    @Test
    void bothOfTheSessionKnowIt() throws Exception {
        assertThat(shownTo("second.example").getPublicKey().getAlgorithm()).isEqualTo("RSA");
    }

    private static X509Certificate shownTo(String asked) throws Exception {
        var time = new JdkTime();
        Deadline soon = time.after(Duration.ofSeconds(20));
        try (var network = new JdkNetwork();
                var listening = network.listen(address(), 1)) {
            var server =
                    new FutureTask<>(
                            () -> {
                                Connection plain = listening.accept();
                                return plain.secure(new TlsSettings.Server(context, false), soon);
                            });
            Thread.ofVirtual().start(server);
            Connection plain = network.connect(listening.address(), Network.ANY_SOURCE, soon);
            var settings = new TlsSettings.Client(TlsContexts.trustAll(), asked, false);
            TlsFacts facts = plain.secure(settings, soon).tls().orElseThrow();
            X509Certificate own = server.get().tls().orElseThrow().own().orElseThrow();
            assertThat(own).isEqualTo(facts.peer().getFirst());
            return own;
        }
    }

    private static InetSocketAddress address() throws IOException {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}

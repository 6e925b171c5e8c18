package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TlsContexts;
import org.posthouse.platform.TlsContexts.Pem;
import org.posthouse.platform.TlsFacts;
import org.posthouse.platform.TlsSettings;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** TLS as it is on sockets, with certificates made by the JDK's keytool. */
class TlsTest extends NetworkContract {
    private static final String HOST = "mx.example";
    @TempDir private static Path keys;
    private static String certificate = "";
    private static String key = "";

    private final JdkPlatform platform = JdkPlatform.create(DnsSettings.system());

    @BeforeAll
    static void makeCertificate() throws Exception {
        KeyStore store = keytool("rsa", "RSA", "2048");
        certificate = pem("CERTIFICATE", store.getCertificate("rsa"));
        key = pem("PRIVATE KEY", store.getKey("rsa", "changeit".toCharArray()));
    }

    private static KeyStore keytool(String name, String algorithm, String size) throws Exception {
        Path file = keys.resolve(name + ".p12");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                name,
                                "-keyalg",
                                algorithm,
                                "-keysize",
                                size,
                                "-validity",
                                "3650",
                                "-dname",
                                "CN=" + HOST,
                                "-ext",
                                "SAN=dns:" + HOST,
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                "changeit")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, "changeit".toCharArray());
        }
        return store;
    }

    private static String pem(String kind, Certificate certificate) throws Exception {
        return pem(kind, certificate.getEncoded());
    }

    private static String pem(String kind, Key key) {
        return pem(kind, key.getEncoded());
    }

    private static String pem(String kind, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }

    @Override
    Platform platform() {
        return platform;
    }

    @Override
    void run(SimBody<Exception> body) throws Exception {
        beside("body", body).end();
    }

    @AfterEach
    void close() {
        platform.close();
    }

    private static TlsSettings.Server server() {
        return new TlsSettings.Server(TlsContexts.fromPem(certificate, key), false);
    }

    private static TlsSettings.Client anyServer() {
        return new TlsSettings.Client(TlsContexts.trustAll(), HOST, false);
    }

    /** All of the contract holds for secured connections. */
    @Override
    void connected(Ends ends) throws Exception {
        secured(server(), anyServer(), ends);
    }

    private void secured(TlsSettings.Server ours, TlsSettings.Client theirs, Ends ends)
            throws Exception {
        super.connected(
                (client, server) -> {
                    Connection[] secured = new Connection[1];
                    Beside other = beside("tls", () -> secured[0] = server.secure(ours, later()));
                    try (Connection securedClient = client.secure(theirs, later())) {
                        other.end();
                        ends.use(securedClient, secured[0]);
                    } finally {
                        other.endOrBreak();
                    }
                });
    }

    /** Here {@link Connection#tls} is not empty, as the contract for clear text says. */
    @Override
    @Test
    void octetsArriveInOrderBothWays() throws Exception {
        connected(
                (client, server) -> {
                    send(client, "hello ");
                    send(client, "there");
                    assertThat(receive(server, 11)).isEqualTo("hello there");
                    send(server, "you too");
                    assertThat(receive(client, 7)).isEqualTo("you too");
                    TlsFacts facts = client.tls().orElseThrow();
                    assertThat(facts.version()).isEqualTo("TLSv1.3");
                    assertThat(facts.peer())
                            .containsExactlyElementsOf(TlsContexts.certificates(certificate));
                    assertThat(server.tls().orElseThrow().peer()).isEmpty();
                    assertThat(server.tls().orElseThrow().cipher()).isEqualTo(facts.cipher());
                });
    }

    @Test
    void aKnownCertificateForTheHostIsTrustedAndNoOther() throws Exception {
        SSLContext trust = TlsContexts.trusting(certificate);
        secured(
                server(),
                new TlsSettings.Client(trust, HOST, true),
                (client, server) -> {
                    send(client, "x");
                    assertThat(receive(server, 1)).isEqualTo("x");
                });
        assertThatThrownBy(() -> secured(server(), client(trust, "other.example"), this::unused))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("other.example");
        SSLContext system = TlsContexts.systemTrust();
        assertThatThrownBy(() -> secured(server(), client(system, HOST), this::unused))
                .isInstanceOf(SSLException.class);
    }

    private static TlsSettings.Client client(SSLContext context, String host) {
        return new TlsSettings.Client(context, host, true);
    }

    private void unused(Connection client, Connection server) {
        throw new IllegalStateException("must not be secured");
    }

    @Test
    void ellipticCurvesAndPkcs1KeysWork() throws Exception {
        KeyStore store = keytool("ec", "EC", "256");
        String ecCertificate = pem("CERTIFICATE", store.getCertificate("ec"));
        String ecKey = pem("PRIVATE KEY", store.getKey("ec", "changeit".toCharArray()));
        exchange(new TlsSettings.Server(TlsContexts.fromPem(ecCertificate, ecKey), false));

        byte[] pkcs8 = KeyPem.der(key);
        String pkcs1 = pem("RSA PRIVATE KEY", KeyPem.pkcs1Of(pkcs8));
        exchange(new TlsSettings.Server(TlsContexts.fromPem(certificate, pkcs1), false));

        assertThatThrownBy(() -> TlsContexts.fromPem(certificate, ecKey))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not belong");
    }

    private void exchange(TlsSettings.Server settings) throws Exception {
        secured(
                settings,
                anyServer(),
                (client, server) -> {
                    send(server, "x");
                    assertThat(receive(client, 1)).isEqualTo("x");
                });
    }

    /** Takes a key apart for the test. */
    private static final class KeyPem {
        static byte[] der(String pem) {
            return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        }

        /** The OCTET STRING at the end of a PKCS#8 key of RSA: 26 octets lie before it. */
        static byte[] pkcs1Of(byte[] pkcs8) {
            return Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        }
    }

    @Test
    void badPemIsToldInWords() {
        assertThatThrownBy(() -> TlsContexts.fromPem("nothing", key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no certificate");
        assertThatThrownBy(() -> TlsContexts.fromPem(certificate, "nothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no private key");
        assertThatThrownBy(
                        () ->
                                TlsContexts.fromPem(
                                        certificate, "-----BEGIN ENCRYPTED PRIVATE KEY-----"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl pkcs8");
        assertThatThrownBy(() -> TlsContexts.certificates(certificate.substring(0, 200)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("END CERTIFICATE");
        assertThatThrownBy(() -> TlsContexts.fromPem(certificate, key.replace("MII", "AAA")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientCertificatesAreAskedForAndSeen() throws Exception {
        TlsSettings.Server asking =
                new TlsSettings.Server(TlsContexts.fromPem(certificate, key), true);
        secured(
                asking,
                anyServer(),
                (client, server) -> assertThat(server.tls().orElseThrow().peer()).isEmpty());
    }

    @Test
    void aClientShowsItsCertificateWhereOneIsAskedFor() throws Exception {
        TlsSettings.Server asking =
                new TlsSettings.Server(
                        TlsContexts.fromPemsAsking(List.of(new Pem(certificate, key))), true);
        var client =
                new TlsSettings.Client(
                        TlsContexts.fromPemsAsking(List.of(new Pem(certificate, key))),
                        HOST,
                        false);
        secured(
                asking,
                client,
                (ours, theirs) -> {
                    assertThat(theirs.tls().orElseThrow().peer())
                            .isEqualTo(TlsContexts.certificates(certificate));
                    assertThat(ours.tls().orElseThrow().own()).isPresent();
                });
        secured(
                server(),
                client,
                (ours, theirs) -> {
                    assertThat(theirs.tls().orElseThrow().peer()).isEmpty();
                    assertThat(ours.tls().orElseThrow().own()).isEmpty();
                });
    }

    @Test
    void clearTextWhereAHandshakeIsDueFails() throws Exception {
        super.connected(
                (client, server) -> {
                    send(server, "220 mx.example ESMTP\r\n220 and some more to be sure\r\n");
                    assertThatThrownBy(() -> client.secure(anyServer(), later()))
                            .isInstanceOf(SSLException.class);
                    assertThatThrownBy(() -> send(client, "x")).isInstanceOf(IOException.class);
                });
    }

    @Test
    void aHandshakeEndsAtItsDeadline() throws Exception {
        super.connected(
                (client, server) ->
                        assertThatThrownBy(() -> client.secure(anyServer(), soon()))
                                .isInstanceOf(DeadlineExceeded.class));
    }

    @Test
    void recordsOfAllSizesPassInBothDirectionsAtOnce() throws Exception {
        connected(
                (client, server) -> {
                    Beside there = beside("there", () -> sendAll(client, 1));
                    Beside back = beside("back", () -> sendAll(server, 2));
                    Beside atServer = beside("at server", () -> expectAll(server, 1));
                    expectAll(client, 2);
                    atServer.end();
                    there.end();
                    back.end();
                });
    }

    private static byte[] stream(long seed) {
        byte[] all = new byte[1_500_000];
        new Random(seed).nextBytes(all);
        return all;
    }

    private void sendAll(Connection connection, long seed) throws IOException {
        byte[] all = stream(seed);
        Random sizes = new Random(seed);
        int at = 0;
        while (at < all.length) {
            int size = Math.min(1 + sizes.nextInt(1 << sizes.nextInt(18)), all.length - at);
            connection.write(all, at, size, later());
            at += size;
        }
    }

    private void expectAll(Connection connection, long seed) throws IOException {
        byte[] all = stream(seed);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        Random sizes = new Random(seed + 99);
        byte[] into = new byte[40_000];
        while (got.size() < all.length) {
            int length = 1 + sizes.nextInt(1 << sizes.nextInt(16));
            int count = connection.read(into, 0, Math.min(length, into.length), later());
            assertThat(count).isPositive();
            got.write(into, 0, count);
        }
        assertThat(got.toByteArray()).isEqualTo(all);
    }

    @Test
    void keyUpdatesOfTheOtherSideDoNotDisturb() throws Exception {
        withJavaClient(
                "TLSv1.3",
                (socket, server) -> {
                    for (int i = 0; i < 3; i++) {
                        socket.startHandshake(); // in TLS 1.3 a key update
                        socket.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
                        assertThat(receive(server, 3)).isEqualTo("abc");
                        send(server, "def");
                        byte[] got = socket.getInputStream().readNBytes(3);
                        assertThat(new String(got, StandardCharsets.US_ASCII)).isEqualTo("def");
                    }
                });
    }

    @Test
    void renegotiationIsRefused() throws Exception {
        withJavaClient(
                "TLSv1.2",
                (socket, server) -> {
                    assertThat(server.tls().orElseThrow().version()).isEqualTo("TLSv1.2");
                    Beside again = beside("again", socket::startHandshake);
                    assertThatThrownBy(() -> server.read(new byte[1], 0, 1, later()))
                            .isInstanceOf(SSLException.class)
                            .hasMessageContaining("renegotiation");
                    again.endOrBreak();
                });
    }

    @Test
    void oldVersionsAreRefused() {
        assertThatThrownBy(() -> withJavaClient("TLSv1.1", (socket, server) -> {}))
                .isInstanceOf(IOException.class);
    }

    /** What a client of the JDK's own does with our server. */
    interface WithSocket {
        void use(SSLSocket socket, Connection server) throws Exception;
    }

    private void withJavaClient(String version, WithSocket use) throws Exception {
        run(
                () -> {
                    try (var listening = listen();
                            SSLSocket socket =
                                    (SSLSocket)
                                            TlsContexts.trustAll()
                                                    .getSocketFactory()
                                                    .createSocket(
                                                            listening.address().getAddress(),
                                                            listening.address().getPort());
                            Connection clear = listening.accept()) {
                        SSLParameters parameters = socket.getSSLParameters();
                        parameters.setProtocols(new String[] {version});
                        socket.setSSLParameters(parameters);
                        Beside client = beside("client", socket::startHandshake);
                        Connection server = clear.secure(server(), later());
                        client.end();
                        use.use(socket, server);
                    }
                });
    }

    @Test
    void theEndIsSaidGoodbyeTo() throws Exception {
        withJavaClient(
                "TLSv1.3",
                (socket, server) -> {
                    send(server, "bye");
                    server.close();
                    // without a close_notify the JDK's socket would throw
                    byte[] all = socket.getInputStream().readAllBytes();
                    assertThat(new String(all, StandardCharsets.US_ASCII)).isEqualTo("bye");
                });
    }

    @Test
    void neitherEndKeepsReadingAfterItsOwnClose() throws Exception {
        connected(
                (client, server) -> {
                    client.close();
                    assertThatThrownBy(() -> client.read(new byte[1], 0, 1, Deadline.NEVER))
                            .isInstanceOf(IOException.class);
                    X509Certificate shown = client.tls().orElseThrow().peer().getFirst();
                    assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=" + HOST);
                });
    }
}

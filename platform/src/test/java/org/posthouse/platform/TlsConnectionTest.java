package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/** Real TLS over real sockets; where the peer must misbehave it is the JDK's own socket. */
class TlsConnectionTest {
    private static final String HOST = "mx.example";
    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);

    private static SSLContext serverContext;
    private static SSLContext trusting;

    @TempDir static Path directory;

    private final TimeSource time = new JdkTime();
    private final JdkNetwork network = new JdkNetwork();
    private Connection plainClient;
    private WatchedConnection plainServer;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Keytool made = Keytool.make(directory, "EC", "dns:" + HOST);
        serverContext = TlsContexts.fromPem(made.certificatePem(), made.keyPem());
        trusting = TlsContexts.trusting(made.certificatePem().getBytes());
    }

    @BeforeEach
    void connect() throws IOException {
        try (var listening =
                network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            plainClient = network.connect(listening.address(), Network.ANY_SOURCE, soon());
            plainServer = new WatchedConnection(listening.accept());
        }
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void bothSidesShakeHands() throws Exception {
        Pair pair = handshake();
        TlsFacts client = pair.client.tls().orElseThrow();
        TlsFacts server = pair.server.tls().orElseThrow();
        assertThat(client.version()).isEqualTo("TLSv1.3");
        assertThat(client.cipher()).isEqualTo(server.cipher()).startsWith("TLS_");
        assertThat(client.peer()).hasSize(1);
        assertThat(server.peer()).isEmpty();
        assertThat(pair.client.local()).isEqualTo(pair.server.remote());
        send(pair.client, PING);
        assertThat(receive(pair.server, 4)).isEqualTo(PING);
        send(pair.server, PING);
        assertThat(receive(pair.client, 4)).isEqualTo(PING);
    }

    @Test
    void aMegabyteGoesBothWaysAtOnce() throws Exception {
        Pair pair = handshake();
        byte[] one = random(1 << 20, 1);
        byte[] other = random(1 << 20, 2);
        var sentOne = async(() -> send(pair.client, one));
        var sentOther = async(() -> send(pair.server, other));
        var receivedOther = async(() -> receive(pair.client, other.length));
        assertThat(receive(pair.server, one.length)).isEqualTo(one);
        assertThat(receivedOther.get()).isEqualTo(other);
        sentOne.get();
        sentOther.get();
    }

    @Test
    void smallReadsTakeALargeRecordPieceByPiece() throws Exception {
        Pair pair = handshake();
        byte[] much = random(50_000, 3);
        var sent = async(() -> send(pair.client, much));
        byte[] received = new byte[much.length];
        for (int at = 0; at < much.length; ) {
            at += pair.server.read(received, at, Math.min(777, much.length - at), soon());
        }
        assertThat(received).isEqualTo(much);
        assertThat(pair.server.read(new byte[0], 0, 0, soon())).isZero();
        sent.get();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "16384, 1", "65536, 1", "200000, 3"})
    void oneWriteGathersSeveralRecords(int octets, int writes) throws Exception {
        Pair pair = handshake();
        int before = plainServer.writes.get();
        var received = async(() -> receive(pair.client, octets));
        send(pair.server, new byte[octets]);
        assertThat(received.get()).hasSize(octets);
        assertThat(plainServer.writes.get() - before).isEqualTo(writes);
    }

    /** Else a client that talks before it is its turn is not seen to. */
    @Test
    void aRecordThatCameWithTheOneBeforeIsInput() throws Exception {
        var client = new WatchedConnection(plainClient);
        plainClient = client;
        Pair pair = handshake();
        client.holdsWrites = true;
        send(pair.client, PING);
        send(pair.client, PING);
        client.release(soon());
        assertThat(receive(pair.server, 4)).isEqualTo(PING);
        assertThat(pair.server.hasInput()).isTrue();
        assertThat(receive(pair.server, 4)).isEqualTo(PING);
        assertThat(pair.server.hasInput()).isFalse();
    }

    // What ends a connection.

    @Test
    void aSilentPeerEndsTheHandshakeAtItsDeadline() throws Exception {
        Deadline deadline = time.after(Duration.ofMillis(30));
        assertThatThrownBy(() -> plainClient.secure(verifying(HOST), deadline))
                .isInstanceOf(DeadlineExceeded.class)
                .hasMessage("the TLS handshake did not end in time");
        assertThat(readToEnd(plainServer)).isGreaterThan(100); // the hello, then the end
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"EHLO client.example\r\n", "\u0016\u0003\u0001\u00ff\u00ff", "\0\0\0\0\0"})
    void clearTextInsteadOfAHelloFails(String text) throws Exception {
        send(plainClient, text.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> plainServer.secure(server(), soon()))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageStartingWith("TLS handshake failed: ");
        readToEnd(plainClient);
    }

    @Test
    void aServerThatSpeaksClearTextFails() throws Exception {
        send(plainServer, "454 4.7.0 TLS not available\r\n".getBytes());
        assertThatThrownBy(() -> plainClient.secure(verifying(HOST), soon()))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageStartingWith("TLS handshake failed: ");
    }

    @Test
    void aPeerThatGoesDuringTheHandshakeIsTold() {
        plainServer.close();
        assertThatThrownBy(() -> plainClient.secure(verifying(HOST), soon()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("TLS handshake failed: ");
    }

    @Test
    void closingSaysGoodbye() throws Exception {
        Pair pair = handshake();
        send(pair.client, PING);
        pair.client.close();
        pair.client.close();
        assertThat(receive(pair.server, 4)).isEqualTo(PING);
        assertThat(pair.server.read(new byte[9], 0, 9, soon())).isEqualTo(-1);
        assertThat(pair.server.read(new byte[9], 0, 9, soon())).isEqualTo(-1);
        assertThatThrownBy(() -> send(pair.client, PING)).isInstanceOf(IOException.class);
    }

    @Test
    void theGoodbyeEndsTheStreamThoughTheSocketStaysOpen() throws Exception {
        try (SSLSocket client = sslSocket()) {
            var server = async(() -> plainServer.secure(server(), soon()));
            client.startHandshake();
            client.shutdownOutput();
            assertThat(server.get().read(new byte[9], 0, 9, soon())).isEqualTo(-1);
            assertThat(server.get().read(new byte[9], 0, 9, soon())).isEqualTo(-1);
        }
    }

    @Test
    void anEndInTheMiddleOfARecordIsTheEndAndNoData() throws Exception {
        Pair pair = handshake();
        send(plainClient, new byte[] {23, 3, 3, 0, 100, 1, 2, 3});
        plainClient.close();
        assertThat(pair.server.read(new byte[9], 0, 9, soon())).isEqualTo(-1);
    }

    @Test
    void aDamagedRecordEndsTheConnectionWithAnAlert() throws Exception {
        Pair pair = handshake();
        plainServer.damagesWrites = true;
        send(pair.server, PING);
        plainServer.damagesWrites = false;
        assertThatThrownBy(() -> pair.client.read(new byte[9], 0, 9, soon()))
                .isInstanceOf(SSLException.class)
                .hasMessageStartingWith("TLS failed: ");
        assertThatThrownBy(() -> pair.server.read(new byte[9], 0, 9, soon()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("bad_record_mac");
        assertThatThrownBy(() -> send(pair.client, PING)).isInstanceOf(IOException.class);
    }

    @Test
    void aReadEndsAtItsDeadlineAndLosesNothing() throws Exception {
        Pair pair = handshake();
        Deadline deadline = time.after(Duration.ofMillis(20));
        assertThatThrownBy(() -> pair.client.read(new byte[9], 0, 9, deadline))
                .isInstanceOf(DeadlineExceeded.class);
        send(pair.server, PING);
        assertThat(receive(pair.client, 4)).isEqualTo(PING);
    }

    @Test
    void aWriteThatFailsIsTheLast() throws Exception {
        Pair pair = handshake();
        plainServer.failsWrites = true;
        Deadline deadline = soon();
        assertThatThrownBy(() -> pair.server.write(PING, 0, 4, deadline))
                .isInstanceOf(DeadlineExceeded.class);
        assertThat(plainServer.lastWriteUntil).isEqualTo(deadline);
        plainServer.failsWrites = false;
        assertThatThrownBy(() -> send(pair.server, PING)).isInstanceOf(SSLException.class);
        assertThat(pair.client.read(new byte[9], 0, 9, soon())).isEqualTo(-1);
    }

    @Test
    void theGoodbyeNeverWaitsForEver() throws Exception {
        Pair pair = handshake();
        pair.server.close();
        assertThat(plainServer.lastWriteUntil.isNever()).isFalse();
    }

    @Test
    void closingDoesNotWaitForAWriter() throws Exception {
        Pair pair = handshake();
        plainServer.writeBegun = new CountDownLatch(1);
        plainServer.writeMayGoOn = new CountDownLatch(1);
        var sent = async(() -> send(pair.server, PING));
        plainServer.writeBegun.await();
        pair.server.close();
        assertThat(pair.client.read(new byte[9], 0, 9, soon())).isEqualTo(-1);
        plainServer.writeMayGoOn.countDown();
        assertThatThrownBy(sent::get).hasCauseInstanceOf(IOException.class);
    }

    // Who is there, and what is agreed on.

    @Test
    void theWrongNameFailsOnBothSides() throws Exception {
        var server = async(() -> plainServer.secure(server(), soon()));
        assertThatThrownBy(() -> plainClient.secure(verifying("other.example"), soon()))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessage(
                        "TLS handshake failed: the certificate is for another name than"
                                + " other.example");
        assertThatThrownBy(server::get)
                .cause()
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("certificate");
    }

    @Test
    void anUnknownAuthorityFails() throws Exception {
        var server = async(() -> plainServer.secure(server(), soon()));
        var settings = new TlsSettings.Client(TlsContexts.systemTrust(), HOST, true);
        assertThatThrownBy(() -> plainClient.secure(settings, soon()))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessage(
                        "TLS handshake failed: the certificate is not trusted:"
                                + " no authority that we know has issued it");
        assertThatThrownBy(server::get).hasCauseInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void withoutVerificationAnybodyWillDo() throws Exception {
        var server = async(() -> plainServer.secure(server(), soon()));
        var settings = new TlsSettings.Client(TlsContexts.trustAll(), "other.example", false);
        assertThat(plainClient.secure(settings, soon()).tls()).isPresent();
        server.get();
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST, HOST + ".", "single"})
    void aNameIsSentAlong(String host) throws Exception {
        String sent = host.endsWith(".") ? HOST : host;
        assertThat(requestedNames(host)).containsExactly(new SNIHostName(sent));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "no name"})
    void whatIsNoNameIsNotSent(String host) throws Exception {
        assertThat(requestedNames(host)).isEmpty();
    }

    private Iterable<Object> requestedNames(String host) throws Exception {
        try (SSLSocket server = sslServerSocket()) {
            var settings = new TlsSettings.Client(TlsContexts.trustAll(), host, false);
            var client = async(() -> plainClient.secure(settings, soon()));
            server.startHandshake();
            client.get();
            return List.copyOf(
                    ((ExtendedSSLSession) server.getSession()).getRequestedServerNames());
        }
    }

    @Test
    void theServerRefusesCbc() throws Exception {
        try (SSLSocket client = sslSocket()) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            client.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
            var server = async(() -> plainServer.secure(server(), soon()));
            assertThatThrownBy(client::startHandshake).isInstanceOf(SSLException.class);
            assertThatThrownBy(server::get).hasCauseInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void theClientTakesCbcFromAnOldServer() throws Exception {
        try (SSLSocket server = sslServerSocket()) {
            server.setEnabledProtocols(new String[] {"TLSv1.2"});
            server.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
            var client = async(() -> plainClient.secure(verifying(HOST), soon()));
            server.startHandshake();
            assertThat(client.get().tls().orElseThrow().version()).isEqualTo("TLSv1.2");
        }
    }

    // What TLS says between the data.

    @Test
    void aKeyUpdateIsAnsweredWithoutAnythingToWrite() throws Exception {
        try (SSLSocket client = sslSocket()) {
            var accepted = async(() -> plainServer.secure(server(), soon()));
            client.startHandshake();
            Connection server = accepted.get();
            int before = plainServer.writes.get();
            client.startHandshake(); // in TLS 1.3: new keys, and asks for the other side's
            client.getOutputStream().write(PING);
            assertThat(receive(server, 4)).isEqualTo(PING);
            assertThat(plainServer.writes.get() - before).isEqualTo(1);
            send(server, PING);
            assertThat(client.getInputStream().readNBytes(4)).isEqualTo(PING);
        }
    }

    @Test
    void aReaderDoesNotWaitForAWriterWhoThenAnswersTheKeyUpdate() throws Exception {
        try (SSLSocket client = sslSocket()) {
            var accepted = async(() -> plainServer.secure(server(), soon()));
            client.startHandshake();
            Connection server = accepted.get();
            int before = plainServer.writes.get();
            plainServer.writeBegun = new CountDownLatch(1);
            plainServer.writeMayGoOn = new CountDownLatch(1);
            var sent = async(() -> send(server, PING));
            plainServer.writeBegun.await();
            client.startHandshake();
            client.getOutputStream().write(PING);
            assertThat(receive(server, 4)).isEqualTo(PING); // while the writer waits
            plainServer.writeMayGoOn.countDown();
            sent.get();
            assertThat(plainServer.writes.get() - before).isEqualTo(2);
            send(server, PING);
            assertThat(client.getInputStream().readNBytes(8)).hasSize(8);
        }
    }

    @Test
    void renegotiationIsRefused() throws Exception {
        try (SSLSocket client = sslSocket()) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            var accepted = async(() -> plainServer.secure(server(), soon()));
            client.startHandshake();
            Connection server = accepted.get();
            var again =
                    async(
                            () -> {
                                client.startHandshake();
                                return client.getInputStream().read();
                            });
            assertThatThrownBy(() -> server.read(new byte[9], 0, 9, soon()))
                    .isInstanceOf(SSLException.class)
                    .hasMessage("the other end asked for renegotiation");
            assertThatThrownBy(again::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void anIdleSessionHoldsLittle() throws Exception {
        Pair pair = handshake();
        byte[] much = random(1 << 20, 4);
        var sent = async(() -> send(pair.client, much));
        assertThat(receive(pair.server, much.length)).isEqualTo(much);
        sent.get();
        assertThatThrownBy(
                        () -> pair.server.read(new byte[1024], 0, 1024, time.after(Duration.ZERO)))
                .isInstanceOf(DeadlineExceeded.class);
        assertThat(((TlsConnection) pair.server).octetsHeld()).isLessThanOrEqualTo(1024);
        send(pair.client, PING);
        assertThat(receive(pair.server, 4)).isEqualTo(PING);
        assertThat(((TlsConnection) pair.server).octetsHeld()).isLessThanOrEqualTo(1024);
    }

    private record Pair(Connection client, Connection server) {}

    private Pair handshake() throws Exception {
        var server = async(() -> plainServer.secure(server(), soon()));
        Connection client = plainClient.secure(verifying(HOST), soon());
        return new Pair(client, server.get());
    }

    private static TlsSettings server() {
        return new TlsSettings.Server(serverContext, false);
    }

    private static TlsSettings verifying(String host) {
        return new TlsSettings.Client(trusting, host, true);
    }

    /** The JDK's client in the place of ours, on a connection of its own. */
    private SSLSocket sslSocket() throws IOException {
        try (var listening =
                network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            Socket socket = new Socket();
            socket.connect(listening.address());
            plainServer = new WatchedConnection(listening.accept());
            return (SSLSocket) trusting.getSocketFactory().createSocket(socket, HOST, 25, true);
        }
    }

    /** The JDK's server in the place of ours. */
    private SSLSocket sslServerSocket() throws IOException {
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = (InetSocketAddress) listening.getLocalSocketAddress();
            plainClient = network.connect(address, Network.ANY_SOURCE, soon());
            Socket socket = listening.accept();
            SSLSocket server =
                    (SSLSocket) serverContext.getSocketFactory().createSocket(socket, null, true);
            server.setUseClientMode(false);
            return server;
        }
    }

    private Deadline soon() {
        return time.after(Duration.ofSeconds(30));
    }

    private Void send(Connection connection, byte[] octets) throws IOException {
        connection.write(octets, 0, octets.length, soon());
        return null;
    }

    private byte[] receive(Connection connection, int octets) throws IOException {
        byte[] received = new byte[octets];
        int at = 0;
        while (at < octets) {
            int count = connection.read(received, at, octets - at, soon());
            if (count < 0) {
                return Arrays.copyOf(received, at);
            }
            at += count;
        }
        return received;
    }

    private int readToEnd(Connection connection) throws IOException {
        int total = 0;
        while (true) {
            int count = connection.read(new byte[4096], 0, 4096, soon());
            if (count < 0) {
                return total;
            }
            total += count;
        }
    }

    private static <T> FutureTask<T> async(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static byte[] random(int octets, long seed) {
        byte[] random = new byte[octets];
        new Random(seed).nextBytes(random);
        return random;
    }
}

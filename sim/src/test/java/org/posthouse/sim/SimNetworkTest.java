package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.sim.SimNetwork.socket;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.Network;
import org.posthouse.platform.TlsSettings;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

class SimNetworkTest {
    private static final InetSocketAddress SERVER = socket("198.51.100.7", 25);

    private final SimPlatform sim = new SimPlatform(3);

    /** What the server does with its connection. */
    interface Server {
        void serve(Connection connection) throws Exception;
    }

    private Network.Listening serve(Server server) throws IOException {
        Network.Listening listening = sim.network().listen(SERVER, 10);
        sim.threads()
                .start(
                        "server",
                        () -> {
                            try (Connection connection = listening.accept()) {
                                server.serve(connection);
                            } catch (IOException e) {
                                sim.trace("server: " + e);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        return listening;
    }

    private Connection connect() throws IOException {
        return sim.network().connect(SERVER, Network.ANY_SOURCE, in(30));
    }

    private Deadline in(int seconds) {
        return sim.time().after(Duration.ofSeconds(seconds));
    }

    private void send(Connection connection, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        connection.write(octets, 0, octets.length, in(60));
    }

    private String receive(Connection connection, int length) throws IOException {
        byte[] into = new byte[length];
        int count = 0;
        while (count < length) {
            int more = connection.read(into, count, length - count, in(60));
            if (more < 0) {
                break;
            }
            count += more;
        }
        return new String(into, 0, count, StandardCharsets.ISO_8859_1);
    }

    @Test
    void octetsArriveBothWaysAndTheEndToo() throws Exception {
        sim.run(
                () -> {
                    Network.Listening listening =
                            serve(
                                    connection -> {
                                        assertThat(connection.local()).isEqualTo(SERVER);
                                        send(connection, receive(connection, 5) + " yourself");
                                    });
                    Connection connection = connect();
                    assertThat(connection.remote()).isEqualTo(SERVER);
                    send(connection, "hello");
                    assertThat(receive(connection, 100)).isEqualTo("hello yourself");
                    connection.close();
                    listening.close();
                });
        sim.assertNothingOpen();
    }

    @Test
    void latencyIsVirtual() throws Exception {
        sim.network().host("198.51.100.7").latency(Duration.ofMillis(40), Duration.ZERO);
        sim.run(
                () -> {
                    serve(connection -> send(connection, receive(connection, 1)));
                    long start = sim.time().nanos();
                    Connection connection = connect();
                    assertThat(sim.time().nanos() - start).isEqualTo(80_000_000);
                    send(connection, "x");
                    receive(connection, 1);
                    assertThat(sim.time().nanos() - start).isEqualTo(160_000_000);
                });
    }

    @Test
    void aReaderThatDoesNotReadHoldsUpTheWriterUntilItsDeadline() throws Exception {
        sim.network().capacity(1000);
        sim.run(
                () -> {
                    serve(connection -> sim.advance(Duration.ofHours(1)));
                    Connection connection = connect();
                    long start = sim.time().nanos();
                    assertThatThrownBy(() -> connection.write(new byte[1001], 0, 1001, in(7)))
                            .isInstanceOf(DeadlineExceeded.class);
                    assertThat(sim.time().nanos() - start).isEqualTo(7_000_000_000L);
                });
    }

    @Test
    void aBigWriteGoesThroughASmallBuffer() throws Exception {
        sim.network().capacity(1000);
        sim.run(
                () -> {
                    serve(
                            connection ->
                                    send(connection, "" + receive(connection, 50_000).length()));
                    Connection connection = connect();
                    connection.write(new byte[50_000], 0, 50_000, in(1));
                    assertThat(receive(connection, 5)).isEqualTo("50000");
                });
    }

    @Test
    void readsEndAtTheirDeadline() throws Exception {
        sim.run(
                () -> {
                    serve(connection -> sim.advance(Duration.ofHours(1)));
                    Connection connection = connect();
                    assertThatThrownBy(() -> connection.read(new byte[1], 0, 1, in(300)))
                            .isInstanceOf(DeadlineExceeded.class);
                });
    }

    @Test
    void connectingFailsInAllItsWays() throws Exception {
        sim.run(
                () -> {
                    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
                    serve(connection -> {});
                    SimHost host = sim.network().host("198.51.100.7");
                    host.refuse(true);
                    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
                    host.refuse(false);
                    host.unreachable(true);
                    assertThatThrownBy(this::connect).isInstanceOf(NoRouteToHostException.class);
                    host.unreachable(false);
                    host.blackhole(true);
                    long start = sim.time().nanos();
                    assertThatThrownBy(this::connect).isInstanceOf(DeadlineExceeded.class);
                    assertThat(sim.time().nanos() - start).isEqualTo(30_000_000_000L);
                    host.blackhole(false);
                    connect().close();
                });
    }

    @Test
    void aBlackHoleSwallowsUntilItHeals() throws Exception {
        SimHost host = sim.network().host("198.51.100.7");
        sim.run(
                () -> {
                    serve(connection -> send(connection, receive(connection, 2)));
                    Connection connection = connect();
                    host.blackhole(true);
                    send(connection, "ab");
                    assertThatThrownBy(() -> connection.read(new byte[1], 0, 1, in(5)))
                            .isInstanceOf(DeadlineExceeded.class);
                    host.blackhole(false);
                    assertThat(receive(connection, 2)).isEqualTo("ab");
                });
    }

    @Test
    void theWireIsCutAfterSoManyOctets() throws Exception {
        sim.network().host("198.51.100.7").cutAfterReceiving(3);
        String[] got = new String[1];
        sim.run(
                () -> {
                    serve(
                            connection -> {
                                got[0] = receive(connection, 3);
                                sim.advance(Duration.ofHours(1));
                            });
                    Connection connection = connect();
                    send(connection, "abc");
                    sim.settle();
                    assertThatThrownBy(() -> send(connection, "d"))
                            .isInstanceOf(SocketException.class);
                    assertThatThrownBy(() -> connection.read(new byte[1], 0, 1, in(5)))
                            .isInstanceOf(SocketException.class);
                });
        assertThat(got[0]).isEqualTo("abc");
    }

    @Test
    void resetsAndClosesEndReadersAndWriters() throws Exception {
        sim.run(
                () -> {
                    serve(connection -> sim.advance(Duration.ofSeconds(9)));
                    Connection connection = connect();
                    sim.threads()
                            .start(
                                    "resetter",
                                    () -> {
                                        sim.advance(Duration.ofSeconds(1));
                                        sim.network().host("198.51.100.7").resetConnections();
                                    });
                    assertThatThrownBy(() -> connection.read(new byte[1], 0, 1, in(5)))
                            .isInstanceOf(SocketException.class);
                    connection.close();
                    assertThatThrownBy(() -> send(connection, "x"))
                            .isInstanceOf(SocketException.class);
                });
    }

    @Test
    void closingEndsOnesOwnRead() throws Exception {
        sim.run(
                () -> {
                    serve(connection -> sim.advance(Duration.ofHours(9)));
                    Connection connection = connect();
                    sim.threads().start("closer", connection::close);
                    assertThatThrownBy(() -> connection.read(new byte[1], 0, 1, Deadline.NEVER))
                            .isInstanceOf(SocketException.class);
                });
    }

    @Test
    void acceptsFailAndGoOnAndEndByClose() throws Exception {
        sim.run(
                () -> {
                    Network.Listening listening = sim.network().listen(SERVER, 1);
                    assertThatThrownBy(() -> sim.network().listen(SERVER, 1))
                            .hasMessageContaining("in use");
                    sim.network().failAccepts(SERVER, 1);
                    assertThatThrownBy(listening::accept).hasMessageContaining("open files");
                    assertThat(listening.isClosed()).isFalse();
                    connect();
                    assertThatThrownBy(this::connect).isInstanceOf(DeadlineExceeded.class);
                    listening.accept().close();
                    sim.threads().start("closer", listening::close);
                    assertThatThrownBy(listening::accept).isInstanceOf(SocketException.class);
                    assertThat(listening.isClosed()).isTrue();
                    sim.network().listen(SERVER, 1).close();
                });
    }

    @Test
    void tlsNeedsBothSidesAndKeepsClearOctetsApart() throws Exception {
        SSLContext context = SSLContext.getDefault();
        sim.run(
                () -> {
                    serve(
                            connection -> {
                                assertThat(receive(connection, 8)).isEqualTo("STARTTLS");
                                Connection secured =
                                        connection.secure(
                                                new TlsSettings.Server(context, false), in(9));
                                assertThat(secured.tls()).isPresent();
                                send(secured, receive(secured, 6));
                            });
                    Connection connection = connect();
                    send(connection, "STARTTLS");
                    Connection secured =
                            connection.secure(
                                    new TlsSettings.Client(context, "mx.example", true), in(9));
                    send(secured, "secret");
                    assertThat(receive(secured, 6)).isEqualTo("secret");
                    assertThat(secured.tls().orElseThrow().version()).isEqualTo("TLSv1.3");
                    assertThatThrownBy(() -> send(connection, "clear"))
                            .isInstanceOf(IllegalStateException.class);
                });
    }

    @Test
    void tlsFailsWhenTheServerSpeaksClearText() throws Exception {
        SSLContext context = SSLContext.getDefault();
        sim.run(
                () -> {
                    serve(
                            connection -> {
                                send(connection, "220 mx.example ESMTP\r\n");
                                receive(connection, 100);
                            });
                    Connection connection = connect();
                    assertThatThrownBy(
                                    () ->
                                            connection.secure(
                                                    new TlsSettings.Client(context, "x", false),
                                                    in(9)))
                            .isInstanceOf(SSLException.class);
                });
    }

    @Test
    void tlsFailsWhereAskedAndForAWrongName() throws Exception {
        SSLContext context = SSLContext.getDefault();
        SimHost host = sim.network().host("198.51.100.7");
        host.certificateFor("mx.example");
        sim.run(
                () -> {
                    assertThat(handshake(context, "mx.example", true)).isNull();
                    assertThat(handshake(context, "other.example", false)).isNull();
                    assertThat(handshake(context, "other.example", true))
                            .isInstanceOf(SSLHandshakeException.class);
                    host.failTls(true);
                    assertThat(handshake(context, "mx.example", false))
                            .isInstanceOf(SSLHandshakeException.class);
                });
    }

    private Throwable handshake(SSLContext context, String name, boolean verify)
            throws IOException {
        try (Network.Listening listening =
                        serve(c -> c.secure(new TlsSettings.Server(context, false), in(9)));
                Connection connection = connect()) {
            assertThat(listening.isClosed()).isFalse();
            return org.assertj.core.api.Assertions.catchThrowable(
                    () -> connection.secure(new TlsSettings.Client(context, name, verify), in(9)));
        }
    }

    @Test
    void wildcardListenersAnswerOnOwnAddressesOnly() throws Exception {
        sim.run(
                () -> {
                    try (Network.Listening listening =
                            sim.network().listen(socket("0.0.0.0", 0), 5)) {
                        int port = listening.address().getPort();
                        connectTo("127.0.0.1", port).close();
                        assertThatThrownBy(() -> connectTo("203.0.113.9", port))
                                .isInstanceOf(ConnectException.class);
                        sim.network().ownAddress(SimNetwork.address("203.0.113.9"));
                        Connection connection = connectTo("203.0.113.9", port);
                        assertThat(connection.local().getAddress())
                                .isEqualTo(SimNetwork.address("203.0.113.9"));
                    }
                });
    }

    private Connection connectTo(String address, int port) throws IOException {
        return sim.network().connect(socket(address, port), Network.ANY_SOURCE, in(5));
    }
}

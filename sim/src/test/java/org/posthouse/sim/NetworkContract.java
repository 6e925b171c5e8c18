package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Signal;
import org.posthouse.platform.Threads;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** What every network does, with its threads and clocks. */
abstract class NetworkContract {
    static final Duration SHORT = Duration.ofMillis(150);
    static final Duration LONG = Duration.ofSeconds(30);

    abstract Platform platform();

    /** Runs the body on a thread of the platform. */
    abstract void run(SimBody<Exception> body) throws Exception;

    Deadline soon() {
        return platform().time().after(SHORT);
    }

    Deadline later() {
        return platform().time().after(LONG);
    }

    Network.Listening listen() throws IOException {
        return platform().network().listen(SimNetwork.socket("127.0.0.1", 0), 20);
    }

    Connection connect(Network.Listening listening) throws IOException {
        return platform().network().connect(listening.address(), Network.ANY_SOURCE, later());
    }

    void send(Connection connection, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        connection.write(octets, 0, octets.length, later());
    }

    /** Up to so many octets, fewer at the end of the stream. */
    String receive(Connection connection, int length) throws IOException {
        byte[] into = new byte[length];
        int count = 0;
        while (count < length) {
            int more = connection.read(into, count, length - count, later());
            if (more < 0) {
                break;
            }
            count += more;
        }
        return new String(into, 0, count, StandardCharsets.ISO_8859_1);
    }

    /** Both ends of a connection. */
    interface Ends {
        void use(Connection client, Connection server) throws Exception;
    }

    void connected(Ends ends) throws Exception {
        run(
                () -> {
                    try (Network.Listening listening = listen();
                            Connection client = connect(listening);
                            Connection server = listening.accept()) {
                        ends.use(client, server);
                    }
                });
    }

    /** Runs beside the caller; what it throws is thrown by {@link Beside#end}. */
    Beside beside(String name, SimBody<Exception> body) {
        return new Beside(name, body);
    }

    /** A thread whose failure counts. */
    final class Beside {
        private final AtomicReference<@Nullable Exception> thrown = new AtomicReference<>();
        private final Threads.Task task;

        private Beside(String name, SimBody<Exception> body) {
            this.task = platform().threads().start(name, () -> runBody(body));
        }

        private void runBody(SimBody<Exception> body) {
            try {
                body.run();
            } catch (Exception e) {
                thrown.set(e);
            }
        }

        void interrupt() {
            task.interrupt();
        }

        /** Its end, in order or by a broken connection. */
        void endOrBreak() throws Exception {
            try {
                end();
            } catch (IOException e) {
                assertThat(e).isNotInstanceOf(DeadlineExceeded.class);
            }
        }

        void end() throws Exception {
            assertThat(task.join(later())).isTrue();
            Exception failure = thrown.get();
            if (failure != null) {
                throw failure;
            }
        }
    }

    @Test
    void octetsArriveInOrderBothWays() throws Exception {
        connected(
                (client, server) -> {
                    assertThat(client.remote()).isEqualTo(server.local());
                    assertThat(client.local()).isEqualTo(server.remote());
                    assertThat(client.tls()).isEmpty();
                    send(client, "hello ");
                    send(client, "there");
                    assertThat(receive(server, 11)).isEqualTo("hello there");
                    send(server, "you too");
                    assertThat(receive(client, 7)).isEqualTo("you too");
                });
    }

    @Test
    void readsGiveWhatIsThere() throws Exception {
        connected(
                (client, server) -> {
                    send(client, "abc");
                    byte[] into = new byte[10];
                    assertThat(server.read(into, 2, 8, later())).isEqualTo(3);
                    assertThat(new String(into, 2, 3, "US-ASCII")).isEqualTo("abc");
                    assertThat(into[0]).isZero();
                    assertThat(into[5]).isZero();
                });
    }

    @Test
    void anOrderlyEndArrivesAfterTheOctets() throws Exception {
        connected(
                (client, server) -> {
                    send(client, "last words");
                    client.close();
                    client.close();
                    assertThat(receive(server, 100)).isEqualTo("last words");
                    assertThat(server.read(new byte[1], 0, 1, later())).isEqualTo(-1);
                });
    }

    @Test
    void lingeringLetsTheLastWordsArriveWhateverTheOtherEndStillSays() throws Exception {
        connected(
                (client, server) -> {
                    send(client, "not read");
                    send(server, "last words");
                    Threads.Task lingering =
                            platform()
                                    .threads()
                                    .start(
                                            "lingering",
                                            () -> {
                                                server.linger(1 << 20, later());
                                                server.close();
                                            });
                    assertThat(receive(client, 100)).isEqualTo("last words");
                    send(client, "this arrives nowhere");
                    client.close();
                    assertThat(lingering.join(later())).isTrue();
                });
    }

    @Test
    void lingeringEndsAtItsBounds() throws Exception {
        connected(
                (client, server) -> {
                    send(client, "0123456789");
                    server.linger(10, later());
                    server.linger(10, soon());
                    server.close();
                    server.linger(10, later());
                });
    }

    @Test
    void readsEndAtTheirDeadlineAndMayBeTriedAgain() throws Exception {
        connected(
                (client, server) -> {
                    long start = platform().time().nanos();
                    assertThatThrownBy(() -> server.read(new byte[1], 0, 1, soon()))
                            .isInstanceOf(DeadlineExceeded.class);
                    assertThat(platform().time().nanos() - start)
                            .isGreaterThanOrEqualTo(SHORT.toNanos());
                    send(client, "x");
                    assertThat(receive(server, 1)).isEqualTo("x");
                });
    }

    @Test
    void aPastDeadlineEndsAReadAndAWriteAtOnce() throws Exception {
        connected(
                (client, server) -> {
                    send(client, "there is something to read");
                    Deadline past = platform().time().after(Duration.ofSeconds(-1));
                    assertThatThrownBy(() -> server.read(new byte[1], 0, 1, past))
                            .isInstanceOf(DeadlineExceeded.class);
                    assertThatThrownBy(() -> server.write(new byte[1], 0, 1, past))
                            .isInstanceOf(DeadlineExceeded.class);
                });
    }

    @Test
    void aPeerThatDoesNotReadEndsTheWriteAtItsDeadline() throws Exception {
        connected(
                (client, server) -> {
                    byte[] much = new byte[64 << 20];
                    assertThatThrownBy(() -> client.write(much, 0, much.length, soon()))
                            .isInstanceOf(DeadlineExceeded.class);
                });
    }

    @Test
    void muchPassesWhileTheOtherEndReads() throws Exception {
        connected(
                (client, server) -> {
                    byte[] much = new byte[3_000_001];
                    for (int i = 0; i < much.length; i++) {
                        much[i] = (byte) (i * 31 + i / 1009);
                    }
                    Beside writer =
                            beside("writer", () -> client.write(much, 0, much.length, later()));
                    String received = receive(server, much.length);
                    assertThat(received.getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(much);
                    writer.end();
                });
    }

    @Test
    void closingEndsTheOwnRead() throws Exception {
        connected(
                (client, server) -> {
                    Beside closer = beside("closer", client::close);
                    assertThatThrownBy(() -> client.read(new byte[1], 0, 1, Deadline.NEVER))
                            .isInstanceOf(IOException.class);
                    closer.end();
                    assertThatThrownBy(() -> send(client, "x")).isInstanceOf(IOException.class);
                });
    }

    @Test
    void interruptingAReaderClosesTheConnection() throws Exception {
        connected(
                (client, server) -> {
                    Signal ready = platform().time().signal();
                    Beside reader =
                            beside(
                                    "reader",
                                    () -> {
                                        ready.raise();
                                        server.read(new byte[1], 0, 1, Deadline.NEVER);
                                    });
                    ready.await(later());
                    reader.interrupt();
                    assertThatThrownBy(reader::end).isInstanceOf(InterruptedIOException.class);
                    assertThat(client.read(new byte[1], 0, 1, later())).isEqualTo(-1);
                });
    }

    @Test
    void nobodyListens() throws Exception {
        run(
                () -> {
                    InetSocketAddress gone;
                    try (Network.Listening listening = listen()) {
                        gone = listening.address();
                    }
                    assertThatThrownBy(
                                    () ->
                                            platform()
                                                    .network()
                                                    .connect(gone, Network.ANY_SOURCE, later()))
                            .isInstanceOf(ConnectException.class);
                });
    }

    @Test
    void aPortIsTakenOnceAndFreeAfterwards() throws Exception {
        run(
                () -> {
                    Network.Listening first = listen();
                    assertThat(first.address().getPort()).isPositive();
                    assertThatThrownBy(() -> platform().network().listen(first.address(), 5))
                            .isInstanceOf(BindException.class)
                            .hasMessageContaining("" + first.address().getPort());
                    first.close();
                    first.close();
                    assertThat(first.isClosed()).isTrue();
                    platform().network().listen(first.address(), 5).close();
                });
    }

    @Test
    void closingAPortEndsItsAccept() throws Exception {
        run(
                () -> {
                    Network.Listening listening = listen();
                    Beside closer = beside("closer", listening::close);
                    assertThatThrownBy(listening::accept).isInstanceOf(SocketException.class);
                    closer.end();
                    assertThat(listening.isClosed()).isTrue();
                });
    }

    @Test
    void theSourceAddressIsOurs() throws Exception {
        run(
                () -> {
                    try (Network.Listening listening = listen();
                            Connection client =
                                    platform()
                                            .network()
                                            .connect(
                                                    listening.address(),
                                                    SimNetwork.address("127.0.0.2"),
                                                    later());
                            Connection server = listening.accept()) {
                        assertThat(server.remote().getAddress())
                                .isEqualTo(SimNetwork.address("127.0.0.2"));
                        assertThat(client.local()).isEqualTo(server.remote());
                    }
                });
    }

    @Test
    void signalsWakeAndEndAtTheirDeadline() throws Exception {
        run(
                () -> {
                    Signal signal = platform().time().signal();
                    assertThat(signal.await(soon())).isFalse();
                    signal.raise();
                    signal.raise();
                    assertThat(signal.await(Deadline.NEVER)).isTrue();
                    assertThat(signal.await(soon())).isFalse();
                    Beside raiser = beside("raiser", signal::raise);
                    assertThat(signal.await(Deadline.NEVER)).isTrue();
                    raiser.end();
                });
    }

    @Test
    void signalsAreNeverLost() throws Exception {
        run(
                () -> {
                    Signal ping = platform().time().signal();
                    Signal pong = platform().time().signal();
                    int rounds = 5_000;
                    Beside other =
                            beside(
                                    "other",
                                    () -> {
                                        for (int i = 0; i < rounds; i++) {
                                            ping.await(Deadline.NEVER);
                                            pong.raise();
                                        }
                                    });
                    for (int i = 0; i < rounds; i++) {
                        ping.raise();
                        assertThat(pong.await(later())).isTrue();
                    }
                    other.end();
                });
    }

    @Test
    void interruptsEndSleepAndAwait() throws Exception {
        run(
                () -> {
                    Beside sleeper = beside("sleeper", () -> platform().time().sleep(LONG));
                    Signal signal = platform().time().signal();
                    Beside waiter = beside("waiter", () -> signal.await(Deadline.NEVER));
                    sleeper.interrupt();
                    waiter.interrupt();
                    assertThatThrownBy(sleeper::end).isInstanceOf(InterruptedException.class);
                    assertThatThrownBy(waiter::end).isInstanceOf(InterruptedException.class);
                });
    }

    @Test
    void joinsEndAtTheirDeadline() throws Exception {
        run(
                () -> {
                    Signal end = platform().time().signal();
                    Threads.Task task =
                            platform().threads().startDedicated("waits", () -> awaitUnchecked(end));
                    assertThat(task.join(soon())).isFalse();
                    assertThat(task.isDone()).isFalse();
                    end.raise();
                    assertThat(task.join(Deadline.NEVER)).isTrue();
                    assertThat(task.isDone()).isTrue();
                });
    }

    private static void awaitUnchecked(Signal signal) {
        try {
            signal.await(Deadline.NEVER);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

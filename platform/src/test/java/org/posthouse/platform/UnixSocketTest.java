package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Real Unix-domain sockets. */
@Timeout(60)
class UnixSocketTest {
    @TempDir Path folder;
    private Path file;
    private JdkNetwork network;

    @BeforeEach
    void open() {
        file = folder.resolve("s");
        network = new JdkNetwork();
    }

    @AfterEach
    void close() {
        network.close();
    }

    private static Deadline in(Duration time) {
        return Deadline.at(System.nanoTime(), time);
    }

    private SocketChannel client() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(file));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void octetsGoBothWays() throws IOException {
        try (Network.Listening listening = network.listen(UnixSocket.at(file), 10);
                SocketChannel client = client();
                Connection server = listening.accept()) {
            client.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
            byte[] got = new byte[10];
            assertThat(server.read(got, 2, 8, in(Duration.ofSeconds(10)))).isEqualTo(5);
            assertThat(new String(got, 2, 5, StandardCharsets.US_ASCII)).isEqualTo("hello");
            server.write(got, 3, 4, in(Duration.ofSeconds(10)));
            ByteBuffer back = ByteBuffer.allocate(10);
            assertThat(client.read(back)).isEqualTo(4);
            assertThat(server.remote().getAddress().isLoopbackAddress()).isTrue();
            client.shutdownOutput();
            assertThat(server.read(got, 0, 1, Deadline.NEVER)).isEqualTo(-1);
        }
    }

    /** Who listens and accepts nothing must hold nobody for ever. */
    @Test
    void lateConnectionIsGivenUp() throws IOException {
        List<Connection> waiting = new ArrayList<>();
        try (Network.Listening listening = network.listen(UnixSocket.at(file), 1)) {
            assertThat(listening.isClosed()).isFalse();
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 10; i++) {
                                    var deadline =
                                            Deadline.at(System.nanoTime(), Duration.ofMillis(300));
                                    waiting.add(network.connect(UnixSocket.at(file), deadline));
                                }
                            })
                    .isInstanceOf(DeadlineExceeded.class)
                    .hasMessageContaining("no connection to");
            assertThat(waiting).isNotEmpty();
        } finally {
            waiting.forEach(Connection::close);
        }
    }

    @Test
    void lateReadIsOnlyLate() throws IOException {
        try (Network.Listening listening = network.listen(UnixSocket.at(file), 10);
                SocketChannel client = client();
                Connection server = listening.accept()) {
            assertThatThrownBy(() -> server.read(new byte[1], 0, 1, in(Duration.ofMillis(10))))
                    .isInstanceOf(DeadlineExceeded.class);
            server.write(new byte[] {'x'}, 0, 1, in(Duration.ofSeconds(10)));
            ByteBuffer got = ByteBuffer.allocate(1);
            assertThat(client.read(got)).isEqualTo(1);
            client.write(ByteBuffer.wrap("late".getBytes(StandardCharsets.US_ASCII)));
            byte[] late = new byte[4];
            assertThat(server.read(late, 0, 2, in(Duration.ofSeconds(10)))).isEqualTo(2);
            assertThat(server.hasInput()).isTrue();
            assertThat(server.read(late, 2, 2, in(Duration.ofSeconds(10)))).isEqualTo(2);
            assertThat(new String(late, StandardCharsets.US_ASCII)).isEqualTo("late");
        }
    }

    @Test
    void lateWriteEndsTheConnection() throws IOException {
        try (Network.Listening listening = network.listen(UnixSocket.at(file), 10);
                SocketChannel client = client();
                Connection server = listening.accept()) {
            byte[] much = new byte[16 << 20];
            assertThatThrownBy(() -> server.write(much, 0, much.length, in(Duration.ofMillis(10))))
                    .isInstanceOf(DeadlineExceeded.class);
            assertThat(client.isOpen()).isTrue();
            assertThatThrownBy(() -> server.read(new byte[1], 0, 1, Deadline.NEVER))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void interruptedWaitEnds() throws Exception {
        try (Network.Listening listening = network.listen(UnixSocket.at(file), 10);
                SocketChannel client = client();
                Connection server = listening.accept()) {
            var ended = new CompletableFuture<Exception>();
            Thread reader =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            server.read(new byte[1], 0, 1, Deadline.NEVER);
                                        } catch (IOException e) {
                                            ended.complete(e);
                                        }
                                    });
            reader.interrupt();
            assertThat(ended.get()).isInstanceOf(InterruptedIOException.class);
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void fileHasItsModeAndGoesWithTheListener() throws IOException {
        try (Network.Listening listening =
                network.listen(UnixSocket.at(file).withMode("rw-rw----"), 10)) {
            assertThat(mode(file)).isEqualTo("rw-rw----");
            assertThat(listening.isClosed()).isFalse();
        }
        assertThat(file).doesNotExist();
        try (Network.Listening listening = network.listen(UnixSocket.at(file), 10)) {
            assertThat(mode(file)).isEqualTo("rw-------");
            assertThat(listening.address().getPort()).isZero();
        }
    }

    @Test
    void fileOfAKilledProcessIsReplaced() throws IOException {
        try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            gone.bind(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).exists();
        try (Network.Listening listening = network.listen(UnixSocket.at(file), 10);
                SocketChannel client = client();
                Connection server = listening.accept()) {
            assertThat(client.isConnected()).isTrue();
            assertThat(server.hasInput()).isFalse();
        }
    }

    @Test
    void whatIsInUseIsLeftAlone() throws IOException {
        try (Network.Listening listening = network.listen(UnixSocket.at(file), 10)) {
            assertThatThrownBy(() -> network.listen(UnixSocket.at(file), 10))
                    .isInstanceOf(BindException.class)
                    .hasMessage("unix:" + file + ": Address already in use");
            assertThat(listening.isClosed()).isFalse();
            try (SocketChannel client = client()) {
                assertThat(client.isConnected()).isTrue();
            }
        }
        Files.writeString(file, "mine");
        assertThatThrownBy(() -> network.listen(UnixSocket.at(file), 10))
                .isInstanceOf(BindException.class)
                .hasMessage("unix:" + file + ": there is a file that is no socket");
        assertThat(file).hasContent("mine");
    }

    @Test
    void anothersFileIsNotRemoved() throws IOException {
        Network.Listening old = network.listen(UnixSocket.at(file), 10);
        Files.delete(file);
        try (Network.Listening listening = network.listen(UnixSocket.at(file), 10)) {
            old.close();
            assertThat(file).exists();
            assertThat(listening.isClosed()).isFalse();
        }
    }

    @Test
    void closedListenerEndsItsAccept() throws IOException {
        Network.Listening listening = network.listen(UnixSocket.at(file), 10);
        network.close();
        assertThat(listening.isClosed()).isTrue();
        assertThatThrownBy(listening::accept).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> network.listen(UnixSocket.at(file), 10))
                .isInstanceOf(IOException.class);
    }
}

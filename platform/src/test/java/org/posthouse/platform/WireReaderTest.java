package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

class WireReaderTest {
    @Test
    void readsLinesHoweverTheyArrive() throws IOException {
        var reader = reader("a\r", "\nbc\r\nd", "ef\n", "\r\n");
        assertThat(line(reader)).isEqualTo("a");
        assertThat(reader.lineEndedByCrlf()).isTrue();
        assertThat(line(reader)).isEqualTo("bc");
        assertThat(line(reader)).isEqualTo("def");
        assertThat(reader.lineEndedByCrlf()).isFalse();
        assertThat(line(reader)).isEmpty();
        assertThatThrownBy(() -> line(reader)).isInstanceOf(EOFException.class);
    }

    @Test
    void tellsWhetherALineHasCome() throws IOException {
        var reader = reader("a\r\nb\r\nc");
        assertThat(reader.holdsLine()).isFalse();
        line(reader);
        assertThat(reader.holdsLine()).isTrue();
        line(reader);
        assertThat(reader.holdsLine()).isFalse();
        assertThat(reader.buffered()).isEqualTo(1);
    }

    @Test
    void aLineThatIsTooLongIsGoneAsAWhole() throws IOException {
        var reader = reader("x".repeat(5000), "y".repeat(5000) + "\r\nok\r\n");
        assertThat(reader.readLine(100, Deadline.NEVER)).isFalse();
        assertThat(line(reader)).isEqualTo("ok");
    }

    @Test
    void goesOnAfterADeadline() throws IOException {
        var reader = reader("he", "", "llo\r\n", "x".repeat(2000), "", "NOOP\r\nok\r\n");
        assertThatThrownBy(() -> line(reader)).isInstanceOf(DeadlineExceeded.class);
        assertThat(line(reader)).isEqualTo("hello");
        assertThatThrownBy(() -> line(reader)).isInstanceOf(DeadlineExceeded.class);
        assertThat(reader.readLine(100, Deadline.NEVER)).isFalse();
        assertThat(line(reader)).isEqualTo("ok");
    }

    @Test
    void givesALargeBufferBack() throws IOException {
        var reader = reader("DATA\r\n", "x".repeat(3000), "QUIT\r\n");
        line(reader);
        assertThat(reader.isLarge()).isFalse();
        reader.consume(reader.available(Deadline.NEVER));
        assertThat(reader.isLarge()).isTrue();
        reader.shrink();
        assertThat(reader.isLarge()).isFalse();
        assertThat(line(reader)).isEqualTo("QUIT");
    }

    private static String line(WireReader reader) throws IOException {
        assertThat(reader.readLine(100, Deadline.NEVER)).isTrue();
        int length = reader.lineTo() - reader.lineFrom();
        return new String(reader.buffer(), reader.lineFrom(), length, StandardCharsets.US_ASCII);
    }

    /** An empty packet stands for a deadline that passes. */
    private static WireReader reader(String... packets) {
        return new WireReader(new Packets(new ArrayDeque<>(List.of(packets))));
    }

    private record Packets(ArrayDeque<String> packets) implements Connection {
        @Override
        public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
            if (packets.isEmpty()) {
                return -1;
            }
            byte[] packet = packets.poll().getBytes(StandardCharsets.US_ASCII);
            if (packet.length == 0) {
                throw new DeadlineExceeded("as asked for");
            }
            int count = Math.min(length, packet.length);
            System.arraycopy(packet, 0, into, offset, count);
            if (count < packet.length) {
                byte[] rest = Arrays.copyOfRange(packet, count, packet.length);
                packets.addFirst(new String(rest, StandardCharsets.US_ASCII));
            }
            return count;
        }

        @Override
        public void write(byte[] octets, int offset, int length, Deadline deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection secure(TlsSettings settings, Deadline deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<TlsFacts> tls() {
            return Optional.empty();
        }

        @Override
        public InetSocketAddress local() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public InetSocketAddress remote() {
            return local();
        }

        @Override
        public void close() {}
    }
}

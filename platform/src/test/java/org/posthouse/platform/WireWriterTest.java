package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class WireWriterTest {
    /** Remembers what was written, and by how many writes. */
    private static final class Sink implements Connection {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        final List<Integer> writes = new ArrayList<>();
        boolean broken;

        @Override
        public InetSocketAddress local() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public InetSocketAddress remote() {
            return local();
        }

        @Override
        public int read(byte[] into, int offset, int length, Deadline deadline) {
            return -1;
        }

        @Override
        public void write(byte[] octets, int offset, int length, Deadline deadline)
                throws IOException {
            if (broken) {
                throw new IOException("broken");
            }
            all.write(octets, offset, length);
            writes.add(length);
        }

        @Override
        public Connection secure(TlsSettings settings, Deadline deadline) {
            throw new IllegalStateException();
        }

        @Override
        public Optional<TlsFacts> tls() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    private final Sink sink = new Sink();
    private final WireWriter writer = new WireWriter(sink);

    @Test
    void aBatchIsOneWrite() throws IOException {
        writer.text("250-mx.example\r\n");
        writer.octets("250 ok\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(writer.pending()).isEqualTo(24);
        assertThat(sink.writes).isEmpty();
        writer.flush(Deadline.NEVER);
        writer.flush(Deadline.NEVER);
        assertThat(sink.writes).containsExactly(24);
        assertThat(sink.all).hasToString("250-mx.example\r\n250 ok\r\n");
        assertThat(writer.pending()).isZero();
    }

    @Test
    void textIsUtf8() throws IOException {
        String text = "MAIL FROM:<jür\uD83D\uDE00gen@example.org>\r\n";
        writer.text(text);
        writer.flush(Deadline.NEVER);
        assertThat(sink.all.toByteArray()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void contentOfAnySizeKeepsItsOrderInLargeWrites() throws IOException {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        int[] sizes = {1, 511, 512, 513, 9000, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 300_000, 3};
        for (int size : sizes) {
            byte[] block = new byte[size + 2];
            for (int i = 0; i < block.length; i++) {
                block[i] = (byte) (size + i * 7);
            }
            writer.octets(block, 1, size, Deadline.NEVER);
            expected.write(block, 1, size);
            assertThat(writer.pending()).isLessThanOrEqualTo(64 * 1024);
        }
        writer.flush(Deadline.NEVER);
        assertThat(sink.all.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(sink.writes).hasSizeLessThan(9);
    }

    @Test
    void nothingMayWaitWhenTlsBegins() throws IOException {
        writer.text("QUIT\r\n");
        assertThatThrownBy(() -> writer.switchTo(new Sink()))
                .isInstanceOf(IllegalStateException.class);
        writer.flush(Deadline.NEVER);
        Sink secured = new Sink();
        writer.switchTo(secured);
        writer.text("EHLO x\r\n");
        writer.flush(Deadline.NEVER);
        assertThat(secured.all).hasToString("EHLO x\r\n");
    }

    @Test
    void whatCouldNotBeWrittenIsNotWrittenLater() throws IOException {
        writer.text("one");
        sink.broken = true;
        assertThatThrownBy(() -> writer.flush(Deadline.NEVER)).isInstanceOf(IOException.class);
        sink.broken = false;
        writer.text("two");
        writer.flush(Deadline.NEVER);
        assertThat(sink.all).hasToString("two");
    }
}

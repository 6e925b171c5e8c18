package org.posthouse.platform;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * A connected Unix-domain socket. A write has no time-out, so it leaves its deadline for the watch,
 * which closes the connection of a late one.
 */
final class UnixConnection implements Watched, Connection {
    private final JdkNetwork network;
    private final SocketChannel channel;
    private final UnixInput in;
    private final WaitMark writing = new WaitMark("the other end did not take the octets in time");

    UnixConnection(JdkNetwork network, SocketChannel channel) {
        this.network = network;
        this.channel = channel;
        this.in = UnixInput.of(channel);
    }

    @Override
    public InetSocketAddress local() {
        return UnixListening.HERE;
    }

    @Override
    public InetSocketAddress remote() {
        return UnixListening.HERE;
    }

    @Override
    public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
        try {
            return in.read(into, offset, length, deadline);
        } catch (InterruptedIOException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean hasInput() {
        return in.hasInput();
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        writing.begin(deadline);
        try {
            writeNow(ByteBuffer.wrap(octets, offset, length));
        } finally {
            writing.end();
        }
    }

    @Override
    public void linger(long octetsMax, Deadline deadline) {
        try {
            channel.shutdownOutput();
            Drain.run(this, octetsMax, deadline);
        } catch (IOException e) {
            // the other end is gone
        }
    }

    private void writeNow(ByteBuffer octets) throws IOException {
        try {
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
        } catch (ClosedByInterruptException e) {
            close();
            IOException interrupted =
                    new InterruptedIOException("interrupted while waiting for the other end");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public Optional<TlsFacts> tls() {
        return Optional.empty();
    }

    @Override
    public void close() {
        network.forget(this);
        in.close();
        try {
            channel.close();
        } catch (IOException e) {
            // closed all the same
        }
    }

    @Override
    public void endWhatIsLate(long now) {
        if (writing.isLate(now)) {
            close();
        }
    }

    @Override
    public String toString() {
        return "unix-" + channel.hashCode();
    }
}

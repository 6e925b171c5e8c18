package org.posthouse.platform;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A connected Unix-domain socket. A write has no time-out, so it leaves its deadline for the watch,
 * which closes the connection of a late one.
 */
final class UnixConnection implements Watched, Connection {
    private static final long NONE = 0; // no write is under way, or it has no deadline
    private static final long LATE = 1; // the watch has closed the connection

    private final JdkNetwork network;
    private final SocketChannel channel;
    private final UnixInput in;
    private final AtomicLong writing = new AtomicLong(NONE);

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
        if (!deadline.isNever() && deadline.nanos() - System.nanoTime() <= 0) {
            throw new DeadlineExceeded("no time was left to send");
        }
        long mark = deadline.isNever() ? NONE : deadline.nanos() | 2; // never NONE nor LATE
        writing.setOpaque(mark);
        try {
            writeNow(ByteBuffer.wrap(octets, offset, length));
        } finally {
            if (!writing.compareAndSet(mark, NONE)) {
                throwLate();
            }
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

    private static void throwLate() throws DeadlineExceeded {
        throw new DeadlineExceeded("the other end did not take the octets in time");
    }

    @Override
    public Connection secure(TlsSettings settings, Deadline deadline) throws IOException {
        return TlsConnection.secure(this, settings, deadline);
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
        long mark = writing.get();
        if (mark != NONE && mark != LATE && mark - now <= 0 && writing.compareAndSet(mark, LATE)) {
            close();
        }
    }

    @Override
    public String toString() {
        return "unix-" + channel.hashCode();
    }
}

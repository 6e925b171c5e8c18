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
 * A connected Unix-domain socket. It has no time-outs, so reads and writes leave their deadlines
 * for the watch, which ends a late read by shutting that direction (a last word can still be said)
 * and a late write by closing the connection.
 */
final class UnixConnection implements Watched, Connection {
    private static final long NONE = 0; // nothing is under way, or it has no deadline
    private static final long LATE = 1; // the watch has ended it

    private final JdkNetwork network;
    private final SocketChannel channel;
    private final AtomicLong reading = new AtomicLong(NONE);
    private final AtomicLong writing = new AtomicLong(NONE);

    UnixConnection(JdkNetwork network, SocketChannel channel) {
        this.network = network;
        this.channel = channel;
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
        ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
        return within(
                reading, deadline, "nothing was received in time", () -> channel.read(buffer));
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets, offset, length);
        within(
                writing,
                deadline,
                "the other end did not take the octets in time",
                () -> {
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    return length;
                });
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
        try {
            channel.close();
        } catch (IOException e) {
            // closed all the same
        }
    }

    @Override
    public void endWhatIsLate(long now) {
        if (isLate(reading, now)) {
            try {
                channel.shutdownInput();
            } catch (IOException e) {
                close();
            }
        }
        if (isLate(writing, now)) {
            close();
        }
    }

    private static boolean isLate(AtomicLong underWay, long now) {
        long mark = underWay.get();
        return mark != NONE
                && mark != LATE
                && mark - now <= 0
                && underWay.compareAndSet(mark, LATE);
    }

    private int within(AtomicLong underWay, Deadline deadline, String late, Act act)
            throws IOException {
        if (!deadline.isNever() && deadline.nanos() - System.nanoTime() <= 0) {
            throw new DeadlineExceeded(late);
        }
        long mark = deadline.isNever() ? NONE : deadline.nanos() | 2; // never NONE nor LATE
        if (underWay.get() == LATE) {
            throw new DeadlineExceeded(late);
        }
        underWay.set(mark);
        boolean inTime = false;
        try {
            return act.perform();
        } catch (ClosedByInterruptException e) {
            close();
            IOException interrupted =
                    new InterruptedIOException("interrupted while waiting for the other end");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            inTime = underWay.compareAndSet(mark, NONE);
            if (!inTime) {
                throwLate(late);
            }
        }
    }

    private static void throwLate(String late) throws DeadlineExceeded {
        throw new DeadlineExceeded(late);
    }

    @Override
    public String toString() {
        return "unix-" + channel.hashCode();
    }

    /** A read or a write. */
    private interface Act {
        int perform() throws IOException;
    }
}

package org.posthouse.testkit.virtual;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TlsFacts;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One end of a connection in memory. */
final class MemoryConnection implements Connection {
    private static final int DROPPED_AT_ONCE = 16 * 1024;

    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final MemoryPipe incoming;
    private final MemoryPipe outgoing;
    private final AtomicBoolean closed = new AtomicBoolean();

    private MemoryConnection(
            InetSocketAddress local,
            InetSocketAddress remote,
            MemoryPipe incoming,
            MemoryPipe outgoing) {
        this.local = local;
        this.remote = remote;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /** Both ends. */
    record Pair(MemoryConnection client, MemoryConnection server) {
        /** As when one end crashes. */
        void reset() {
            client.incoming.breakOff("connection reset");
            client.outgoing.breakOff("connection reset");
        }

        boolean isOver() {
            return client.closed.get() || server.closed.get();
        }
    }

    static Pair pair(VirtualClock clock, InetSocketAddress client, InetSocketAddress server) {
        var toServer = new MemoryPipe(clock);
        var toClient = new MemoryPipe(clock);
        return new Pair(
                new MemoryConnection(client, server, toClient, toServer),
                new MemoryConnection(server, client, toServer, toClient));
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
        requireOpen();
        try {
            int count = incoming.read(into, offset, length, deadline);
            requireOpen();
            return count;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override
    public boolean hasInput() {
        return !closed.get() && incoming.hasOctets();
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        requireOpen();
        try {
            outgoing.write(octets, offset, length, deadline);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override
    public Optional<TlsFacts> tls() {
        return Optional.empty();
    }

    @Override
    public void linger(long octetsMax, Deadline deadline) {
        outgoing.end();
        var dropped = new byte[DROPPED_AT_ONCE];
        long left = octetsMax;
        try {
            int count = 0;
            while (left > 0 && count >= 0) {
                count = read(dropped, 0, dropped.length, deadline);
                left -= count;
            }
        } catch (IOException e) {
            // the other end is gone, or the time is
        }
    }

    /** What was sent still arrives; what was not read is dropped. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            outgoing.end();
            incoming.breakOff("the other end closed the connection");
        }
    }

    private void requireOpen() throws SocketException {
        if (closed.get()) {
            throw new SocketException("the connection was closed");
        }
    }

    private IOException interrupted() {
        close();
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the other end");
    }

    @Override
    public String toString() {
        return local + "-" + remote;
    }
}

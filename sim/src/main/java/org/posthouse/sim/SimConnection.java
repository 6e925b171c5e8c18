package org.posthouse.sim;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TlsFacts;
import org.posthouse.platform.TlsSettings;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Optional;

/** One end of a simulated connection, in clear or secured. */
final class SimConnection implements Connection {
    private static final int DROPPED_AT_ONCE = 16 * 1024;

    private final SimNetwork network;
    private final SimLink link;
    private final boolean serverEnd;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final @Nullable TlsFacts facts;
    private boolean closed;
    private boolean secured;

    SimConnection(
            SimNetwork network,
            SimLink link,
            boolean serverEnd,
            InetSocketAddress local,
            InetSocketAddress remote) {
        this(network, link, serverEnd, local, remote, null);
    }

    private SimConnection(
            SimNetwork network,
            SimLink link,
            boolean serverEnd,
            InetSocketAddress local,
            InetSocketAddress remote,
            @Nullable TlsFacts facts) {
        this.network = network;
        this.link = link;
        this.serverEnd = serverEnd;
        this.local = local;
        this.remote = remote;
        this.facts = facts;
    }

    SimLink link() {
        return link;
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
        checkOpen();
        network.yieldPoint();
        try {
            int count = incoming().read(into, offset, length, deadline, link);
            checkOpen();
            return count;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override
    public void hasten(Deadline deadline) {
        incoming().hasten(deadline);
    }

    @Override
    public boolean hasInput() {
        return !closed && incoming().hasOctets();
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        checkOpen();
        network.yieldPoint();
        try {
            outgoing().write(octets, offset, length, deadline, link);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override
    public Connection secure(TlsSettings settings, Deadline deadline) throws IOException {
        checkOpen();
        if (facts != null) {
            throw new IllegalStateException("already secured");
        }
        try {
            TlsFacts agreed = SimHandshake.perform(this, link.server, settings, deadline);
            secured = true;
            return new SimConnection(network, link, serverEnd, local, remote, agreed);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public Optional<TlsFacts> tls() {
        return Optional.ofNullable(facts);
    }

    @Override
    public void linger(long octetsMax, Deadline deadline) {
        if (closed) {
            return;
        }
        link.endFrom(serverEnd);
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

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        link.closeFrom(serverEnd);
    }

    @Override
    public String toString() {
        return local + "-" + remote + (facts == null ? "" : " (TLS)");
    }

    private SimPipe incoming() {
        return link.towards(serverEnd, facts != null);
    }

    private SimPipe outgoing() {
        return link.towards(!serverEnd, facts != null);
    }

    private void checkOpen() throws IOException {
        if (secured) {
            throw new IllegalStateException("clear text after TLS has begun");
        }
        if (closed) {
            throw new SocketException("the connection was closed");
        }
    }

    private IOException interrupted() {
        close();
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the other end");
    }
}

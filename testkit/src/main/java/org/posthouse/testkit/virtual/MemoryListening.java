package org.posthouse.testkit.virtual;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayDeque;

/** A port in memory. */
final class MemoryListening implements Network.Listening {
    private static final int WAITING_MAX = 1000;

    private final VirtualClock clock;
    private final InetSocketAddress address;
    private final Runnable onClose;
    private final Gate changed;

    /** Guarded by the clock's lock, as is what follows. */
    private final ArrayDeque<MemoryConnection.Pair> waiting = new ArrayDeque<>();

    private boolean closed;

    MemoryListening(VirtualClock clock, InetSocketAddress address, Runnable onClose) {
        this.clock = clock;
        this.address = address;
        this.onClose = onClose;
        this.changed = new Gate(clock);
    }

    /** False when nobody will take it. */
    boolean offer(MemoryConnection.Pair connection) {
        clock.lock.lock();
        try {
            if (closed || waiting.size() >= WAITING_MAX) {
                return false;
            }
            waiting.add(connection);
            changed.open();
            return true;
        } finally {
            clock.lock.unlock();
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Connection accept() throws IOException {
        clock.lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                boolean unused = changed.await(Deadline.NEVER);
            }
            if (closed) {
                throw new SocketException("the port was closed");
            }
            return waiting.remove().server();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while accepting");
        } finally {
            clock.lock.unlock();
        }
    }

    @Override
    public boolean isClosed() {
        clock.lock.lock();
        try {
            return closed;
        } finally {
            clock.lock.unlock();
        }
    }

    @Override
    public void close() {
        clock.lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            waiting.forEach(MemoryConnection.Pair::reset);
            waiting.clear();
            changed.open();
        } finally {
            clock.lock.unlock();
        }
        onClose.run();
    }
}

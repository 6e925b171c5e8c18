package org.posthouse.platform;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sockets of the JDK.
 *
 * <p>A short read waits with the socket's own time-out, which costs a timer each time. A longer
 * one, and a write, which has no time-out, leaves its deadline in its connection: one thread looks
 * at all connections every {@link #WATCH_MILLIS} and ends what is late. It runs only while there
 * are connections.
 */
final class JdkNetwork implements Network, AutoCloseable {
    static final long WATCH_MILLIS = 250;

    private final Set<Watched> connections = ConcurrentHashMap.newKeySet();
    private final Set<Listening> listeners = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition connected = lock.newCondition();
    private @Nullable Thread watch; // guarded by lock
    private volatile boolean closed;

    @Override
    public Listening listen(InetSocketAddress address, int backlog) throws IOException {
        requireOpen();
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, backlog);
        } catch (IOException e) {
            socket.close();
            BindException clear = new BindException(show(address) + ": " + e.getMessage());
            clear.initCause(e);
            throw clear;
        }
        JdkListening listening = new JdkListening(this, socket);
        listeners.add(listening);
        return listening;
    }

    @Override
    public Listening listen(UnixSocket socket, int backlog) throws IOException {
        requireOpen();
        try {
            UnixListening listening = UnixListening.bind(this, socket, backlog);
            listeners.add(listening);
            return listening;
        } catch (IOException e) {
            BindException clear = new BindException(socket + ": " + e.getMessage());
            clear.initCause(e);
            throw clear;
        }
    }

    @Override
    public Connection connect(InetSocketAddress remote, InetAddress source, Deadline deadline)
            throws IOException {
        requireOpen();
        int millis = JdkConnection.millisLeft(deadline, "no connection in time");
        Socket socket = new Socket();
        try {
            if (!source.isAnyLocalAddress()) {
                socket.bind(new InetSocketAddress(source, 0));
            }
            socket.connect(remote, millis);
            return adopt(socket);
        } catch (SocketTimeoutException e) {
            socket.close();
            throw new DeadlineExceeded("no connection to " + show(remote) + " in time");
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public Connection connect(UnixSocket socket, Deadline deadline) throws IOException {
        requireOpen();
        UnixDial dial = watched(new UnixDial());
        try {
            return adopt(dial.connect(socket, deadline));
        } finally {
            connections.remove(dial);
        }
    }

    /** Closes all ports and connections; new ones are refused. */
    @Override
    public void close() {
        closed = true;
        listeners.forEach(Listening::close);
        connections.forEach(Watched::close);
        lock.lock();
        try {
            connected.signalAll();
        } finally {
            lock.unlock();
        }
    }

    JdkConnection adopt(Socket socket) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return watched(new JdkConnection(this, socket));
    }

    Connection adopt(SocketChannel channel) throws IOException {
        return watched(new UnixConnection(this, channel));
    }

    private <T extends Watched> T watched(T connection) throws IOException {
        boolean first = connections.isEmpty();
        connections.add(connection);
        if (closed) {
            connection.close();
            throw new SocketException("the network was closed");
        }
        if (first) {
            startWatch();
        }
        return connection;
    }

    void forget(Watched connection) {
        connections.remove(connection);
    }

    void forget(Listening listening) {
        listeners.remove(listening);
    }

    static String show(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + " port " + address.getPort();
    }

    private void requireOpen() throws SocketException {
        if (closed) {
            throw new SocketException("the network was closed");
        }
    }

    private void startWatch() {
        lock.lock();
        try {
            if (watch == null) {
                watch = Thread.ofPlatform().daemon(true).name("posthouse-watch").start(this::watch);
            } else {
                connected.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        try {
            while (awaitConnections()) {
                Thread.sleep(WATCH_MILLIS);
                long now = System.nanoTime();
                for (Watched connection : connections) {
                    connection.endWhatIsLate(now);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ends the watch; nobody does this
        }
    }

    private boolean awaitConnections() throws InterruptedException {
        lock.lock();
        try {
            while (connections.isEmpty() && !closed) {
                connected.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }
}

package org.posthouse.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A connection that hands everything to another one, for those that do some of it in another way.
 *
 * @since 0.1
 */
public abstract class ForwardingConnection implements Connection {
    private final Connection connection;

    /** Hands all to that one. */
    protected ForwardingConnection(Connection connection) {
        this.connection = connection;
    }

    /** Where all is handed to. */
    protected final Connection connection() {
        return connection;
    }

    @Override
    public InetSocketAddress local() {
        return connection.local();
    }

    @Override
    public InetSocketAddress remote() {
        return connection.remote();
    }

    @Override
    public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
        return connection.read(into, offset, length, deadline);
    }

    @Override
    public void hasten(Deadline deadline) {
        connection.hasten(deadline);
    }

    @Override
    public boolean hasInput() {
        return connection.hasInput();
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        connection.write(octets, offset, length, deadline);
    }

    /** What stands for the secured connection is the heir's to say. */
    @Override
    public abstract Connection secure(TlsSettings settings, Deadline deadline) throws IOException;

    @Override
    public Optional<TlsFacts> tls() {
        return connection.tls();
    }

    @Override
    public void linger(long octetsMax, Deadline deadline) {
        connection.linger(octetsMax, deadline);
    }

    @Override
    public void close() {
        connection.close();
    }
}

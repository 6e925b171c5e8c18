package org.posthouse.daemon;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.ForwardingConnection;
import org.posthouse.platform.Network;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.UnixSocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network that can be listened on, and nothing else: whoever has it can't connect to anybody.
 * Clients can be dropped, or answered nothing any more.
 */
final class SandboxNetwork implements Network {
    private static final String NOWHERE = "a sandbox connects to nobody";

    private final Network network;
    private final Map<InetSocketAddress, Client> clients = new ConcurrentHashMap<>();

    SandboxNetwork(Network network) {
        this.network = network;
    }

    @Override
    public Connection connect(InetSocketAddress remote, InetAddress source, Deadline deadline)
            throws IOException {
        throw new IOException(NOWHERE);
    }

    @Override
    public Connection connect(UnixSocket socket, Deadline deadline) throws IOException {
        throw new IOException(NOWHERE);
    }

    @Override
    public Listening listen(UnixSocket socket, int backlog) throws IOException {
        return network.listen(socket, backlog);
    }

    @Override
    public Listening listen(InetSocketAddress address, int backlog) throws IOException {
        if (!address.getAddress().isLoopbackAddress()) {
            throw new IOException("a sandbox listens on loopback addresses alone");
        }
        return network.listen(address, backlog).replacing(Client::new);
    }

    /** Ends the connection of a client without a word. */
    void drop(InetSocketAddress client) {
        Optional.ofNullable(clients.get(client)).ifPresent(Client::close);
    }

    /** The client hears nothing from now on; what it says is read all the same. */
    void mute(InetSocketAddress client) {
        Optional.ofNullable(clients.get(client)).ifPresent(each -> each.isMute = true);
    }

    /** The outermost connection is the one that is known, so that TLS changes nothing. */
    private final class Client extends ForwardingConnection {
        private volatile boolean isMute;

        Client(Connection connection) {
            super(connection);
            clients.put(connection.remote(), this);
        }

        @Override
        public void write(byte[] octets, int offset, int length, Deadline deadline)
                throws IOException {
            if (!isMute) {
                super.write(octets, offset, length, deadline);
            }
        }

        @Override
        public Connection secure(TlsSettings settings, Deadline deadline) throws IOException {
            return new Client(connection().secure(settings, deadline));
        }

        @Override
        public void close() {
            clients.remove(remote(), this);
            super.close();
        }
    }
}

package org.posthouse.daemon;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;
import org.posthouse.platform.TlsFacts;
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
        Listening listening = network.listen(address, backlog);
        return new Listening() {
            @Override
            public InetSocketAddress address() {
                return listening.address();
            }

            @Override
            public Connection accept() throws IOException {
                return new Client(listening.accept());
            }

            @Override
            public boolean isClosed() {
                return listening.isClosed();
            }

            @Override
            public void close() {
                listening.close();
            }
        };
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
    private final class Client implements Connection {
        private final Connection connection;
        private volatile boolean isMute;

        Client(Connection connection) {
            this.connection = connection;
            clients.put(connection.remote(), this);
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
        public boolean hasInput() {
            return connection.hasInput();
        }

        @Override
        public void write(byte[] octets, int offset, int length, Deadline deadline)
                throws IOException {
            if (!isMute) {
                connection.write(octets, offset, length, deadline);
            }
        }

        @Override
        public Connection secure(TlsSettings settings, Deadline deadline) throws IOException {
            return new Client(connection.secure(settings, deadline));
        }

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
            clients.remove(connection.remote(), this);
            connection.close();
        }
    }
}

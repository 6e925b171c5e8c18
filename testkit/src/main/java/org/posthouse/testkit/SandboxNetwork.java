package org.posthouse.testkit;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.ForwardingConnection;
import org.posthouse.platform.Network;
import org.posthouse.platform.TlsSettings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** A network whose accepted connections can be made to break. */
final class SandboxNetwork implements Network {
    /** A reply of this text is no reply on the wire. */
    static final String GARBLED = "posthouse-garbled-reply";

    private static final byte[] NONSENSE =
            "%%\u0007 garbled\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A fatal alert handshake_failure (RFC 8446 section 6). */
    private static final byte[] HANDSHAKE_FAILURE = {21, 3, 3, 0, 2, 2, 40};

    private final Network network;
    private final BooleanSupplier tlsFails;
    private final Map<InetSocketAddress, Breakable> live = new ConcurrentHashMap<>();

    SandboxNetwork(Network network, BooleanSupplier tlsFails) {
        this.network = network;
        this.tlsFails = tlsFails;
    }

    /** Ends the connection of a client, after so many octets more from it. */
    void drop(InetSocketAddress client, long afterOctets) {
        Breakable connection = live.get(client);
        if (connection == null) {
            return;
        }
        connection.octetsLeft.set(afterOctets);
        if (afterOctets == 0) {
            connection.close();
        }
    }

    @Override
    public Listening listen(InetSocketAddress address, int backlog) throws IOException {
        return network.listen(address, backlog).replacing(Breakable::new);
    }

    @Override
    public Connection connect(InetSocketAddress remote, InetAddress source, Deadline deadline)
            throws IOException {
        return network.connect(remote, source, deadline);
    }

    /** Counts what is read, and says nonsense where it is to. */
    private final class Breakable extends ForwardingConnection {
        private final AtomicLong octetsLeft = new AtomicLong(Long.MAX_VALUE);

        Breakable(Connection connection) {
            super(connection);
            live.put(connection.remote(), this);
        }

        @Override
        public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
            int count = super.read(into, offset, length, deadline);
            if (count > 0 && octetsLeft.addAndGet(-count) <= 0) {
                close();
                throw new IOException("dropped as the test wants it");
            }
            return count;
        }

        @Override
        public void write(byte[] octets, int offset, int length, Deadline deadline)
                throws IOException {
            String text = new String(octets, offset, length, StandardCharsets.ISO_8859_1);
            if (!text.contains(GARBLED)) {
                super.write(octets, offset, length, deadline);
                return;
            }
            String nonsense = new String(NONSENSE, StandardCharsets.ISO_8859_1);
            byte[] said =
                    text.replaceAll("[0-9]{3} " + GARBLED + "\r\n", nonsense)
                            .getBytes(StandardCharsets.ISO_8859_1);
            super.write(said, 0, said.length, deadline);
        }

        @Override
        public Connection secure(TlsSettings settings, Deadline deadline) throws IOException {
            if (tlsFails.getAsBoolean()) {
                super.write(HANDSHAKE_FAILURE, 0, HANDSHAKE_FAILURE.length, deadline);
                linger(1 << 16, deadline);
                close();
                throw new IOException("the handshake fails as the test wants it");
            }
            return new Breakable(connection().secure(settings, deadline));
        }

        @Override
        public void close() {
            live.remove(remote(), this);
            super.close();
        }
    }
}

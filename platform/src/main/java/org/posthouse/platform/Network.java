package org.posthouse.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;

/**
 * Opens and accepts connections.
 *
 * @since 0.1
 */
public interface Network {
    /** For {@link #connect}: the system chooses the source address. */
    InetAddress ANY_SOURCE = AnySource.ADDRESS;

    /**
     * Binds a port; 0 takes a free one.
     *
     * @throws IOException when the address is taken or not ours
     */
    Listening listen(InetSocketAddress address, int backlog) throws IOException;

    /**
     * Binds a Unix-domain socket. Its {@link Listening#address}, and both ends of its connections,
     * are the loopback address with port 0.
     *
     * @throws IOException when another process listens there, the file can't be made, or this
     *     network has no such sockets
     */
    default Listening listen(UnixSocket socket, int backlog) throws IOException {
        throw new IOException(socket + ": this network has no Unix-domain sockets");
    }

    /**
     * Connects.
     *
     * @param source our address, or {@link #ANY_SOURCE}
     * @throws DeadlineExceeded when the deadline came first
     * @throws IOException when the connection was refused or the host can't be reached
     */
    Connection connect(InetSocketAddress remote, InetAddress source, Deadline deadline)
            throws IOException;

    /**
     * Connects to a Unix-domain socket of this machine, which takes time only where many wait for
     * who listens there.
     *
     * @throws DeadlineExceeded when the deadline came first
     * @throws IOException when nobody listens there, or this network has no such sockets
     */
    default Connection connect(UnixSocket socket, Deadline deadline) throws IOException {
        throw new IOException(socket + ": this network has no Unix-domain sockets");
    }

    /** A bound port. */
    interface Listening extends AutoCloseable {
        /** The bound address with its real port. */
        InetSocketAddress address();

        /**
         * Waits for the next connection.
         *
         * @throws IOException when closed, or when this accept failed (too many open files)
         */
        Connection accept() throws IOException;

        /** True after {@link #close}. */
        boolean isClosed();

        @Override
        void close();

        /** The same, but for another connection in place of each that it accepts. */
        default Listening replacing(UnaryOperator<Connection> each) {
            Listening listening = this;
            return new Listening() {
                @Override
                public InetSocketAddress address() {
                    return listening.address();
                }

                @Override
                public Connection accept() throws IOException {
                    return each.apply(listening.accept());
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
    }
}

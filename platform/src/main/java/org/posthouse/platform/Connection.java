package org.posthouse.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A stream of octets both ways. One thread reads and one thread (the same or another) writes.
 * Closing from any thread ends both.
 *
 * @since 0.1
 */
public interface Connection extends AutoCloseable {
    /** Our end. */
    InetSocketAddress local();

    /** The other end. */
    InetSocketAddress remote();

    /** After a read that was to wait for longer and was late, nothing more can be read. */
    Duration RESUMABLE_MAX = Duration.ofSeconds(5);

    /**
     * Reads what is there, waiting for at least one octet.
     *
     * @return the number of octets, or -1 at the end of the stream
     * @throws DeadlineExceeded when nothing came in time; if that was more than {@link
     *     #RESUMABLE_MAX} away, the stream is then at its end, and may have ended a little later
     * @throws IOException when the connection broke or was closed
     */
    int read(byte[] into, int offset, int length, Deadline deadline) throws IOException;

    /**
     * Lets the read that waits now, if one does and may for more than {@link #RESUMABLE_MAX}, wait
     * no longer than until then. Any thread may ask for it. Does nothing by default.
     */
    default void hasten(Deadline deadline) {}

    /** True when octets have come that were not read; false, too, when that can't be told. */
    default boolean hasInput() {
        return false;
    }

    /**
     * Writes all of it.
     *
     * @throws DeadlineExceeded when the other end did not take it in time; the connection is then
     *     of no further use
     * @throws IOException when the connection broke or was closed
     */
    void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException;

    /**
     * Puts TLS on top, as the server or as the client, and returns the secured connection; this one
     * is then used by it alone. By default the TLS of the JDK.
     *
     * @throws IOException when the handshake failed; the connection is then closed
     */
    default Connection secure(TlsSettings settings, Deadline deadline) throws IOException {
        return TlsConnection.secure(this, settings, deadline);
    }

    /** The facts of TLS; empty on clear text. */
    Optional<TlsFacts> tls();

    /**
     * Says nothing more, and drops what the other end still says until that one ends, too: a close
     * with octets unread would be a reset, which can take our last words with it. Never throws;
     * does nothing by default.
     *
     * @param octetsMax this is enough
     * @param deadline so is this
     */
    default void linger(long octetsMax, Deadline deadline) {}

    /** Closes both ways; never throws, and does nothing the second time. */
    @Override
    void close();
}

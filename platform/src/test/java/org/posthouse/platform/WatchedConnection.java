package org.posthouse.platform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes everything on, counts the writes, and does to them what the test asks for. */
final class WatchedConnection implements Connection {
    final AtomicInteger writes = new AtomicInteger();
    volatile Deadline lastWriteUntil = Deadline.NEVER;
    volatile boolean failsWrites;
    volatile boolean damagesWrites;

    /** What is written is held, to leave at once later. */
    volatile boolean holdsWrites;

    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    /** Writes wait for the second, having counted down the first. */
    volatile CountDownLatch writeBegun = new CountDownLatch(0);

    volatile CountDownLatch writeMayGoOn = new CountDownLatch(0);

    private final Connection connection;

    WatchedConnection(Connection connection) {
        this.connection = connection;
    }

    @Override
    public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
        return connection.read(into, offset, length, deadline);
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        writes.incrementAndGet();
        lastWriteUntil = deadline;
        if (failsWrites) {
            throw new DeadlineExceeded("as the test asked for");
        }
        if (damagesWrites) {
            octets[offset + length - 1] ^= 1;
        }
        if (holdsWrites) {
            held.write(octets, offset, length);
            return;
        }
        writeBegun.countDown();
        try {
            writeMayGoOn.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        connection.write(octets, offset, length, deadline);
    }

    /** What was held leaves in one write. */
    void release(Deadline deadline) throws IOException {
        holdsWrites = false;
        connection.write(held.toByteArray(), 0, held.size(), deadline);
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
    public Connection secure(TlsSettings settings, Deadline deadline) throws IOException {
        return TlsConnection.secure(this, settings, deadline);
    }

    @Override
    public Optional<TlsFacts> tls() {
        return connection.tls();
    }

    @Override
    public void close() {
        connection.close();
    }
}

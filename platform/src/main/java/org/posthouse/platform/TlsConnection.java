package org.posthouse.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS over another connection.
 *
 * <p>One thread may read while another writes; {@link #outLock} guards what leaves. The engine
 * keeps no plain text: it is decrypted into the reader's own array where a record fits there. The
 * buffer for what arrives starts small and is large only while large records come; the one for what
 * leaves lives as long as one write.
 */
final class TlsConnection implements Connection {
    private static final int SMALL = 1024;
    private static final int RECORDS_PER_WRITE_MAX = 4;
    private static final int RECORD_OCTETS = 16 * 1024;
    private static final int IDLE_STEPS_MAX = 100;
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final Connection wire;
    private final SSLEngine engine;
    private final boolean mayRehandshake;
    private final TlsFacts facts;
    private final ReentrantLock outLock = new ReentrantLock();
    private final TlsInput in;
    private volatile boolean closed;

    private TlsConnection(Connection wire, SSLEngine engine, TlsFacts facts, TlsInput in) {
        this.wire = wire;
        this.engine = engine;
        this.facts = facts;
        this.in = in;
        this.mayRehandshake = facts.version().equals("TLSv1.3"); // key updates, tickets
    }

    /** Shakes hands; closes the connection when that fails. */
    static Connection secure(Connection wire, TlsSettings settings, Deadline deadline)
            throws IOException {
        try {
            SSLEngine engine = TlsEngines.create(settings);
            TlsInput in = new TlsInput(wire, engine);
            TlsFacts facts = new TlsHandshake(wire, engine, in).perform(deadline);
            return new TlsConnection(wire, engine, facts, in);
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress local() {
        return wire.local();
    }

    @Override
    public InetSocketAddress remote() {
        return wire.remote();
    }

    @Override
    public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
        ByteBuffer target = ByteBuffer.wrap(into, offset, length);
        while (length > 0) {
            int count = in.read(target, deadline);
            if (count != 0) {
                return count;
            }
            if (in.status() != HandshakeStatus.NOT_HANDSHAKING
                    && in.status() != HandshakeStatus.FINISHED) {
                afterHandshake(deadline);
            }
        }
        return 0;
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(octets, offset, length);
        outLock.lock();
        try {
            while (source.hasRemaining()) {
                if (closed || engine.isOutboundDone()) {
                    throw new SSLException("the connection was closed");
                }
                ByteBuffer out = ByteBuffer.allocate(outOctets(source.remaining()));
                wrapInto(out, source);
                send(out, deadline);
            }
        } finally {
            outLock.unlock();
        }
    }

    @Override
    public Connection secure(TlsSettings settings, Deadline deadline) {
        throw new IllegalStateException("already secured");
    }

    @Override
    public Optional<TlsFacts> tls() {
        return Optional.of(facts);
    }

    /** Says goodbye when nobody is writing, and closes. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (outLock.tryLock()) {
            try {
                engine.closeOutbound();
                ByteBuffer out = ByteBuffer.allocate(packetOctets());
                engine.wrap(ByteBuffer.allocate(0), out);
                send(out, Deadline.at(System.nanoTime(), GOODBYE));
            } catch (IOException e) {
                // the other end will see the end without a goodbye
            } finally {
                outLock.unlock();
            }
        }
        wire.close();
    }

    @Override
    public String toString() {
        return wire + " " + facts.version();
    }

    private int packetOctets() {
        return engine.getSession().getPacketBufferSize();
    }

    private int outOctets(int plain) {
        int records = Math.min(RECORDS_PER_WRITE_MAX, (plain + RECORD_OCTETS - 1) / RECORD_OCTETS);
        return records * packetOctets();
    }

    /** Encrypts as many records as the buffer takes. */
    private void wrapInto(ByteBuffer out, ByteBuffer source) throws IOException {
        int idle = 0;
        while (source.hasRemaining() && out.remaining() >= packetOctets()) {
            SSLEngineResult result = engine.wrap(source, out);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new SSLException("the connection was closed");
            }
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                return;
            }
            if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                TlsHandshake.runTasks(engine);
            }
            if (result.bytesConsumed() == 0
                    && result.bytesProduced() == 0
                    && ++idle > IDLE_STEPS_MAX) {
                throw new SSLException("the TLS engine stands still: " + result);
            }
        }
    }

    private void send(ByteBuffer out, Deadline deadline) throws IOException {
        if (out.position() > 0) {
            wire.write(out.array(), out.arrayOffset(), out.position(), deadline);
        }
    }

    /**
     * What TLS itself asks for between the data: a key update's answer. TLS 1.2 would negotiate
     * anew, which nobody needs and attackers like.
     */
    private void afterHandshake(Deadline deadline) throws IOException {
        if (!mayRehandshake) {
            close();
            throw new SSLException("the other end asked for renegotiation");
        }
        TlsHandshake.runTasks(engine);
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && outLock.tryLock()) {
            try {
                ByteBuffer out = ByteBuffer.allocate(packetOctets());
                engine.wrap(ByteBuffer.allocate(0), out);
                send(out, deadline);
            } finally {
                outLock.unlock();
            }
        } // else the thread that writes sends it with its next record
    }

    /** What arrives; one thread uses it. */
    static final class TlsInput {
        private final Connection wire;
        private final SSLEngine engine;
        private byte[] octets = new byte[SMALL];
        private int start;
        private int end;
        private ByteBuffer plain = ByteBuffer.allocate(0); // what did not fit the reader's array
        private HandshakeStatus status = HandshakeStatus.NOT_HANDSHAKING;
        private boolean largeRecords;
        private boolean starved = true; // a whole record can't be in the buffer yet

        TlsInput(Connection wire, SSLEngine engine) {
            this.wire = wire;
            this.engine = engine;
        }

        HandshakeStatus status() {
            return status;
        }

        /**
         * Decrypts the next record, reading from the wire as needed.
         *
         * @return octets put into the target, 0 when the record held none, -1 at the end
         */
        int read(ByteBuffer target, Deadline deadline) throws IOException {
            if (plain.hasRemaining()) {
                return takePlain(target);
            }
            while (true) {
                if (starved && !fill(deadline)) {
                    return -1;
                }
                ByteBuffer source = ByteBuffer.wrap(octets, start, end - start);
                SSLEngineResult result = engine.unwrap(source, target);
                status = result.getHandshakeStatus();
                start += result.bytesConsumed();
                if (result.bytesConsumed() > 0) {
                    largeRecords = result.bytesConsumed() > SMALL;
                    starved = start == end;
                }
                switch (result.getStatus()) {
                    case OK -> {
                        return result.bytesProduced();
                    }
                    case CLOSED -> {
                        return result.bytesProduced() > 0 ? result.bytesProduced() : -1;
                    }
                    case BUFFER_UNDERFLOW -> starved = true;
                    case BUFFER_OVERFLOW -> {
                        return unwrapAside(target);
                    }
                }
            }
        }

        boolean hasOctets() {
            return start < end;
        }

        private int unwrapAside(ByteBuffer target) throws IOException {
            ByteBuffer aside = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
            ByteBuffer source = ByteBuffer.wrap(octets, start, end - start);
            SSLEngineResult result = engine.unwrap(source, aside);
            status = result.getHandshakeStatus();
            start += result.bytesConsumed();
            starved = start == end || result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW;
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                throw new SSLException("a TLS record is larger than announced");
            }
            plain = aside.flip();
            return takePlain(target);
        }

        private int takePlain(ByteBuffer target) {
            int count = Math.min(plain.remaining(), target.remaining());
            target.put(plain.slice(plain.position(), count));
            plain.position(plain.position() + count);
            if (!plain.hasRemaining()) {
                plain = ByteBuffer.allocate(0);
            }
            return count;
        }

        /** Reads more from the wire; false at its end. */
        private boolean fill(Deadline deadline) throws IOException {
            makeRoom();
            int count = wire.read(octets, end, octets.length - end, deadline);
            if (count < 0) {
                return false;
            }
            end += count;
            starved = false;
            return true;
        }

        private void makeRoom() {
            int large = engine.getSession().getPacketBufferSize();
            int held = end - start;
            boolean grow = held > 0 || largeRecords;
            if (held == 0 && !grow && octets.length > SMALL) {
                octets = new byte[SMALL];
            } else if (end == octets.length || (octets.length < large && grow)) {
                byte[] target = octets.length < large && grow ? new byte[large] : octets;
                System.arraycopy(octets, start, target, 0, held);
                octets = target;
            } else if (held > 0 && start > 0) {
                System.arraycopy(octets, start, octets, 0, held);
            }
            start = 0;
            end = held;
        }
    }
}

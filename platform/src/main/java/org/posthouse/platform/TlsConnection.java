package org.posthouse.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS over another connection.
 *
 * <p>One thread may read while another writes. The reader owns {@link #in}; {@link #writing} guards
 * the order of what leaves. TLS itself has something to say between the data now and then (the
 * answer to a key update): whoever notices says it if nobody is writing, and who was writing looks
 * again when done, so that the reader never waits for a writer whom the other end makes wait.
 *
 * <p>An end of the stream without a goodbye reads as the end of the stream: a mail protocol marks
 * the end of everything that counts itself.
 */
final class TlsConnection implements Connection {
    /** A record takes 16 KiB less what the cipher adds. */
    private static final int PLAIN_OCTETS_PER_RECORD = 16 * 1024 - 256;

    /** Enough for the 64 KiB that a {@link WireWriter} gathers. */
    private static final int RECORDS_PER_WRITE_MAX = 5;

    private static final int IDLE_STEPS_MAX = 16;
    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The engine wants room for a whole record, however short what it seals is. */
    private static final SpareBuffers BUFFERS = new SpareBuffers();

    private final Connection plain;
    private final SSLEngine engine;
    private final TlsInput in;
    private final TlsFacts facts;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean ended; // owned by the reader

    private TlsConnection(Connection plain, SSLEngine engine, TlsInput in, TlsFacts facts) {
        this.plain = plain;
        this.engine = engine;
        this.in = in;
        this.facts = facts;
    }

    /**
     * Shakes hands.
     *
     * @throws IOException in clear words when that failed; the plain connection is then closed
     */
    static Connection secure(Connection plain, TlsSettings settings, Deadline deadline)
            throws IOException {
        boolean done = false;
        try {
            SSLEngine engine = TlsEngines.create(settings);
            TlsInput in = new TlsInput(plain, engine);
            TlsFacts facts = new TlsHandshake(plain, engine, in).perform(deadline);
            done = true;
            return new TlsConnection(plain, engine, in, facts);
        } finally {
            if (!done) {
                plain.close();
            }
        }
    }

    @Override
    public InetSocketAddress local() {
        return plain.local();
    }

    @Override
    public InetSocketAddress remote() {
        return plain.remote();
    }

    @Override
    public void hasten(Deadline deadline) {
        plain.hasten(deadline);
    }

    @Override
    public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
        ByteBuffer target = ByteBuffer.wrap(into, offset, length);
        if (length == 0) {
            return 0;
        }
        if (in.hasOpened()) {
            return in.takeOpened(target);
        }
        while (!ended && target.position() == offset) {
            if (!in.awaitRecord(deadline)) {
                ended = true;
                break;
            }
            open(target);
        }
        int count = target.position() - offset;
        return count > 0 ? count : -1;
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(octets, offset, length);
        writing.lock();
        try {
            while (source.hasRemaining()) {
                send(source, deadline);
            }
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
        } finally {
            writing.unlock();
        }
        answer();
    }

    @Override
    public Connection secure(TlsSettings settings, Deadline deadline) {
        throw new IllegalStateException("already secured");
    }

    @Override
    public Optional<TlsFacts> tls() {
        return Optional.of(facts);
    }

    @Override
    public boolean hasInput() {
        return in.hasOpened() || in.hasSealed() || plain.hasInput();
    }

    @Override
    public void linger(long octetsMax, Deadline deadline) {
        if (closed.get() || !writing.tryLock()) {
            return;
        }
        try {
            sayGoodbye();
        } finally {
            writing.unlock();
        }
        plain.linger(octetsMax, deadline);
    }

    /** Says goodbye, unless a write is under way, and closes. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        if (writing.tryLock()) {
            try {
                sayGoodbye();
            } finally {
                writing.unlock();
            }
        }
        plain.close();
    }

    @Override
    public String toString() {
        return plain + " " + facts.version();
    }

    /** For tests: the memory held between calls. */
    int octetsHeld() {
        return in.octetsHeld();
    }

    private void open(ByteBuffer target) throws IOException {
        SSLEngineResult result;
        try {
            result = in.open(target);
        } catch (SSLException | RuntimeException e) {
            close(); // the engine's goodbye is the alert that tells why
            throw new SSLException("TLS failed: " + e.getMessage(), e);
        }
        if (result.getStatus() == Status.CLOSED) {
            ended = true;
        }
        if (result.bytesProduced() == 0) {
            refuseRenegotiation(result);
            answer();
        }
    }

    private void refuseRenegotiation(SSLEngineResult result) throws IOException {
        boolean handshakes =
                result.getStatus() == Status.OK
                        && engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
        if (handshakes && !facts.version().equals("TLSv1.3")) {
            close();
            throw new SSLException("the other end asked for renegotiation");
        }
    }

    /** Sends what TLS itself has to say, unless somebody is writing, who then looks here. */
    private void answer() throws IOException {
        TlsHandshake.runTasks(engine);
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && !closed.get()
                && writing.tryLock()) {
            try {
                ByteBuffer out = ByteBuffer.allocate(recordOctets());
                engine.wrap(NOTHING.duplicate(), out);
                if (out.position() == 0) {
                    return;
                }
                sendSealed(out, Deadline.at(System.nanoTime(), ANSWER));
            } catch (IOException | RuntimeException e) {
                abandon();
                throw e;
            } finally {
                writing.unlock();
            }
        }
    }

    private int recordOctets() {
        return engine.getSession().getPacketBufferSize();
    }

    private int outOctets(int plainOctets) {
        int records = (plainOctets + PLAIN_OCTETS_PER_RECORD - 1) / PLAIN_OCTETS_PER_RECORD;
        return Math.clamp(records, 1, RECORDS_PER_WRITE_MAX) * recordOctets();
    }

    private void send(ByteBuffer source, Deadline deadline) throws IOException {
        ByteBuffer out = BUFFERS.take(outOctets(source.remaining()));
        seal(source, out);
        sendSealed(out, deadline);
        BUFFERS.giveBack(out);
    }

    /** Seals as many records as the buffer takes. */
    private void seal(ByteBuffer source, ByteBuffer out) throws IOException {
        int record = recordOctets();
        int idle = 0;
        while (source.hasRemaining() && out.remaining() >= record) {
            if (closed.get()) {
                throw new SSLException("the connection is closed");
            }
            SSLEngineResult result = engine.wrap(source, out);
            if (result.getStatus() == Status.CLOSED) {
                throw new SSLException("the connection is closed");
            }
            if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                TlsHandshake.runTasks(engine);
            }
            if (result.bytesConsumed() == 0 && ++idle > IDLE_STEPS_MAX) {
                throw new SSLException("TLS takes nothing more: " + result);
            }
        }
    }

    private void sendSealed(ByteBuffer out, Deadline deadline) throws IOException {
        if (out.position() > 0) {
            plain.write(out.array(), out.arrayOffset(), out.position(), deadline);
        }
    }

    private void sayGoodbye() {
        try {
            engine.closeOutbound();
            ByteBuffer out = ByteBuffer.allocate(recordOctets());
            engine.wrap(NOTHING.duplicate(), out);
            sendSealed(out, Deadline.at(System.nanoTime(), GOODBYE));
        } catch (IOException | RuntimeException e) {
            // the other end sees the end without a goodbye
        }
    }

    /** After a write that failed half-way nothing more can be sent. */
    private void abandon() {
        closed.set(true);
        plain.close();
    }
}

package org.posthouse.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** The octets of a connection that never waits: in clear text, later perhaps by TLS. */
final class Wire {
    /** Room for what is read at once, and for a record of TLS behind it. */
    static final int READ_OCTETS = 96 * 1024;

    private static final int RECORDS_OCTETS = 68 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private SSLEngine engine;
    private ByteBuffer received = NOTHING;
    private ByteBuffer toSend = NOTHING;

    Wire(SocketChannel channel) {
        this.channel = channel;
    }

    /** From now on by TLS; {@link #handshake} is to be called until it is over. */
    void secure(SSLEngine with) throws IOException {
        engine = with;
        received = ByteBuffer.allocate(RECORDS_OCTETS);
        toSend = ByteBuffer.allocate(RECORDS_OCTETS).limit(0);
        engine.beginHandshake();
    }

    /** Goes on with the handshake as far as that is possible now; true: it is over. */
    boolean handshake() throws IOException {
        while (true) {
            if (!flush()) {
                return false;
            }
            HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrapSome()) {
                        return false;
                    }
                }
                default -> {
                    return true;
                }
            }
        }
    }

    private boolean unwrapSome() throws IOException {
        received.flip();
        SSLEngineResult result = engine.unwrap(received, NOTHING);
        received.compact();
        if (result.getStatus() != Status.BUFFER_UNDERFLOW) {
            return true;
        }
        int count = channel.read(received);
        if (count < 0) {
            throw new IOException("closed in the handshake");
        }
        return count > 0;
    }

    /** Reads what is there: how many octets, 0 when there are none yet, -1 at the end. */
    int read(ByteBuffer into) throws IOException {
        if (engine == null) {
            return channel.read(into);
        }
        int count = channel.read(received);
        received.flip();
        int before = into.position();
        while (received.hasRemaining()) {
            Status status = engine.unwrap(received, into).getStatus();
            if (status != Status.OK) {
                count = status == Status.CLOSED ? -1 : count;
                break;
            }
        }
        received.compact();
        int got = into.position() - before;
        return got > 0 || count >= 0 ? got : -1;
    }

    /** Sends as much as goes now; true: all has gone. */
    boolean write(ByteBuffer octets) throws IOException {
        if (engine == null) {
            channel.write(octets);
            return !octets.hasRemaining();
        }
        while (flush()) {
            if (!octets.hasRemaining()) {
                return true;
            }
            wrap(octets);
        }
        return false;
    }

    private void wrap(ByteBuffer octets) throws IOException {
        toSend.clear();
        Status status = Status.OK;
        do {
            status = engine.wrap(octets, toSend).getStatus();
        } while (octets.hasRemaining() && status == Status.OK);
        toSend.flip();
    }

    /** Something waits until the other side reads. */
    boolean hasToSend() {
        return toSend.hasRemaining();
    }

    private boolean flush() throws IOException {
        if (toSend.hasRemaining()) {
            channel.write(toSend);
        }
        return !toSend.hasRemaining();
    }
}

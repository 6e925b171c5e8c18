package org.posthouse.platform;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The first messages of TLS, until both sides have keys. Its calculations run on the caller. */
final class TlsHandshake {
    /** More than any handshake needs; a peer that sends tiny records for ever ends here. */
    private static final int STEPS_MAX = 1000;

    private static final Duration ALERT = Duration.ofSeconds(1);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection plain;
    private final SSLEngine engine;
    private final TlsInput in;

    TlsHandshake(Connection plain, SSLEngine engine, TlsInput in) {
        this.plain = plain;
        this.engine = engine;
        this.in = in;
    }

    /** Performs it; the connection is left open when it fails. */
    TlsFacts perform(Deadline deadline) throws IOException {
        try {
            engine.beginHandshake();
            step(deadline);
            return facts(engine.getSession());
        } catch (DeadlineExceeded e) {
            DeadlineExceeded clear = new DeadlineExceeded("the TLS handshake did not end in time");
            clear.initCause(e);
            throw clear;
        } catch (SSLException | RuntimeException e) {
            sendAlert(deadline.earlier(Deadline.at(System.nanoTime(), ALERT)));
            throw failure(e);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    static void runTasks(SSLEngine engine) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    private void step(Deadline deadline) throws IOException {
        for (int i = 0; i < STEPS_MAX; i++) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks(engine);
                case NEED_WRAP -> send(deadline);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> receive(deadline);
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
        throw new SSLHandshakeException("it does not end");
    }

    /** Gathers what is to be sent up to the next answer of the other side: one write a flight. */
    private void send(Deadline deadline) throws IOException {
        int record = engine.getSession().getPacketBufferSize();
        ByteBuffer out = ByteBuffer.allocate(2 * record);
        boolean isOver = false;
        while (!isOver
                && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && out.remaining() >= record) {
            SSLEngineResult result = engine.wrap(NOTHING.duplicate(), out);
            isOver = result.getStatus() != Status.OK || result.bytesProduced() == 0;
        }
        if (out.position() > 0) {
            plain.write(out.array(), 0, out.position(), deadline);
        }
        if (engine.isOutboundDone()) {
            throw new SSLHandshakeException("the other end gave up");
        }
    }

    private void receive(Deadline deadline) throws IOException {
        if (!in.awaitRecord(deadline)) {
            throw new EOFException("the other end closed the connection");
        }
        in.open(NOTHING.duplicate());
    }

    /** Tells the other side why; what fails here changes nothing. */
    private void sendAlert(Deadline deadline) {
        try {
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.closeOutbound();
            engine.wrap(NOTHING.duplicate(), out);
            if (out.position() > 0) {
                plain.write(out.array(), 0, out.position(), deadline);
            }
        } catch (IOException | RuntimeException e) {
            // the handshake's own failure is told
        }
    }

    private SSLHandshakeException failure(Exception cause) {
        String why = TlsWords.of(cause, String.valueOf(engine.getPeerHost()));
        SSLHandshakeException failure = new SSLHandshakeException("TLS handshake failed: " + why);
        failure.initCause(cause);
        return failure;
    }

    private static TlsFacts facts(SSLSession session) {
        return new TlsFacts(
                session.getProtocol(), session.getCipherSuite(), peer(session), own(session));
    }

    private static Optional<X509Certificate> own(SSLSession session) {
        Certificate[] chain = session.getLocalCertificates();
        return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate x509
                ? Optional.of(x509)
                : Optional.empty();
    }

    private static List<X509Certificate> peer(SSLSession session) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
            return chain;
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }
}

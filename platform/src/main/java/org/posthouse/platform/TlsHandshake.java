package org.posthouse.platform;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The first messages of TLS, until both sides have keys. */
final class TlsHandshake {
    /** More than any handshake needs; a peer that sends empty records for ever ends here. */
    private static final int STEPS_MAX = 1000;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection wire;
    private final SSLEngine engine;
    private final TlsConnection.TlsInput in;

    TlsHandshake(Connection wire, SSLEngine engine, TlsConnection.TlsInput in) {
        this.wire = wire;
        this.engine = engine;
        this.in = in;
    }

    TlsFacts perform(Deadline deadline) throws IOException {
        engine.beginHandshake();
        try {
            for (int i = 0; i < STEPS_MAX; i++) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> runTasks(engine);
                    case NEED_WRAP -> wrap(deadline);
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap(deadline);
                    case FINISHED, NOT_HANDSHAKING -> {
                        return facts(engine.getSession());
                    }
                }
            }
        } catch (SSLException e) {
            sendAlert(deadline);
            throw e;
        }
        throw new SSLHandshakeException("the TLS handshake does not end");
    }

    static void runTasks(SSLEngine engine) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    /** Gathers what is to be sent up to the next answer of the other side: one write a flight. */
    private void wrap(Deadline deadline) throws IOException {
        int packet = engine.getSession().getPacketBufferSize();
        ByteBuffer out = ByteBuffer.allocate(2 * packet);
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && out.remaining() >= packet) {
            SSLEngineResult result = engine.wrap(NOTHING.duplicate(), out);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED
                    || result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                break;
            }
        }
        if (out.position() > 0) {
            wire.write(out.array(), 0, out.position(), deadline);
        }
        if (engine.isOutboundDone()) {
            throw new SSLHandshakeException("closed during the TLS handshake");
        }
    }

    private void unwrap(Deadline deadline) throws IOException {
        int count = in.read(ByteBuffer.allocate(0), deadline);
        if (count < 0) {
            throw new EOFException("the other end closed during the TLS handshake");
        }
    }

    /** Tells the other side why; what fails here changes nothing. */
    private void sendAlert(Deadline deadline) {
        try {
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(NOTHING.duplicate(), out);
            wire.write(out.array(), 0, out.position(), deadline);
        } catch (IOException e) {
            // the handshake's own failure is told
        }
    }

    private static TlsFacts facts(SSLSession session) {
        return new TlsFacts(session.getProtocol(), session.getCipherSuite(), peer(session));
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

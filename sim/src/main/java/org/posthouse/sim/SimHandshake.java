package org.posthouse.sim;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TlsFacts;
import org.posthouse.platform.TlsSettings;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLHandshakeException;

/**
 * Plays a TLS handshake in clear octets that look like it: a peer that does not speak TLS gets
 * garbage, and clear text where a hello is due fails. One octet each: hello, answer, verdict.
 */
final class SimHandshake {
    private static final byte[] HELLO = record("client hello");
    private static final byte[] ANSWER = record("server hello");
    private static final byte[] ALERT = record("alert: fails");
    private static final byte[] FINISHED = record("the finished");

    private SimHandshake() {}

    static TlsFacts perform(
            Connection wire, SimHost server, TlsSettings settings, Deadline deadline)
            throws IOException {
        return switch (settings) {
            case TlsSettings.Client client -> asClient(wire, server, client, deadline);
            case TlsSettings.Server own -> asServer(wire, server, deadline);
        };
    }

    private static TlsFacts asClient(
            Connection wire, SimHost server, TlsSettings.Client settings, Deadline deadline)
            throws IOException {
        wire.write(HELLO, 0, HELLO.length, deadline);
        expect(wire, ANSWER, deadline);
        if (settings.verifyHost() && !server.certifies(settings.host())) {
            wire.write(ALERT, 0, ALERT.length, deadline);
            var failure =
                    new SSLHandshakeException(
                            "no trusted certificate for " + settings.host() + " from " + server);
            failure.initCause(
                    new CertificateException("No name matching " + settings.host() + " found"));
            throw failure;
        }
        if (!server.takesClient(settings.context())) {
            wire.write(ALERT, 0, ALERT.length, deadline);
            throw new SSLHandshakeException(
                    "TLS handshake failed: (certificate_required) Received fatal alert:"
                            + " certificate_required");
        }
        wire.write(FINISHED, 0, FINISHED.length, deadline);
        return facts(server.certificates());
    }

    private static TlsFacts asServer(Connection wire, SimHost server, Deadline deadline)
            throws IOException {
        expect(wire, HELLO, deadline);
        if (server.tlsFails()) {
            wire.write(ALERT, 0, ALERT.length, deadline);
            throw new SSLHandshakeException("the handshake fails as the test asked for");
        }
        wire.write(ANSWER, 0, ANSWER.length, deadline);
        expect(wire, FINISHED, deadline);
        return facts(List.of());
    }

    private static void expect(Connection wire, byte[] due, Deadline deadline) throws IOException {
        byte[] got = new byte[due.length];
        int count = 0;
        while (count < got.length) {
            int more = wire.read(got, count, got.length - count, deadline);
            if (more < 0) {
                throw new EOFException("closed during the TLS handshake");
            }
            count += more;
            if (!Arrays.equals(got, 0, Math.min(count, 2), due, 0, Math.min(count, 2))) {
                throw new SSLHandshakeException("not a TLS record");
            }
        }
        if (Arrays.equals(got, ALERT)) {
            throw new SSLHandshakeException("the other end refused the TLS handshake");
        }
        if (!Arrays.equals(got, due)) {
            throw new SSLHandshakeException("not the TLS record that was due");
        }
    }

    private static TlsFacts facts(List<X509Certificate> peer) {
        return new TlsFacts("TLSv1.3", "TLS_AES_256_GCM_SHA384", peer, Optional.empty());
    }

    private static byte[] record(String text) {
        return ("\u0016\u0003\u0001\u0000\u000c" + text).getBytes(StandardCharsets.ISO_8859_1);
    }
}

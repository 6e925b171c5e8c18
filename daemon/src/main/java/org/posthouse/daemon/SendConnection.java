package org.posthouse.daemon;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TlsFacts;
import org.posthouse.platform.TlsSettings;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A connection whose both ends are written down, and that says nothing behind a stage. */
final class SendConnection implements Connection {
    private final Connection behind;
    private final SendTranscript transcript;
    private final SendStage last;
    private final boolean secured;

    /**
     * Over another connection.
     *
     * @param last what is said at the most
     */
    SendConnection(Connection behind, SendTranscript transcript, SendStage last, boolean secured) {
        this.behind = behind;
        this.transcript = transcript;
        this.last = last;
        this.secured = secured;
    }

    /** It is far enough. */
    static final class Stopped extends IOException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("stopped as asked");
        }
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        String text = new String(octets, offset, length, StandardCharsets.UTF_8);
        boolean goesOn = text.startsWith("QUIT") || transcript.isLogin();
        if (!goesOn && SendStage.of(text, secured).compareTo(last) > 0) {
            transcript.stop();
            say("QUIT\r\n", deadline);
            throw new Stopped();
        }
        transcript.said(octets, offset, length);
        behind.write(octets, offset, length, deadline);
    }

    private void say(String line, Deadline deadline) throws IOException {
        byte[] octets = line.getBytes(StandardCharsets.US_ASCII);
        transcript.said(octets, 0, octets.length);
        behind.write(octets, 0, octets.length, deadline);
        var reply = new byte[1024];
        int unused = read(reply, 0, reply.length, deadline);
    }

    @Override
    public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
        int read = behind.read(into, offset, length, deadline);
        if (read > 0) {
            transcript.heard(into, offset, read);
        }
        return read;
    }

    @Override
    public Connection secure(TlsSettings settings, Deadline deadline) throws IOException {
        Connection over = behind.secure(settings, deadline);
        String facts = over.tls().map(tls -> tls.version() + " " + tls.cipher()).orElse("");
        String subject =
                over.tls()
                        .flatMap(TlsFacts::peerCertificate)
                        .map(each -> ", " + each.getSubjectX500Principal())
                        .orElse("");
        transcript.note(facts + subject);
        return new SendConnection(over, transcript, last, true);
    }

    @Override
    public InetSocketAddress local() {
        return behind.local();
    }

    @Override
    public InetSocketAddress remote() {
        return behind.remote();
    }

    @Override
    public boolean hasInput() {
        return behind.hasInput();
    }

    @Override
    public Optional<TlsFacts> tls() {
        return behind.tls();
    }

    @Override
    public void linger(long octetsMax, Deadline deadline) {
        behind.linger(octetsMax, deadline);
    }

    @Override
    public void close() {
        behind.close();
    }
}

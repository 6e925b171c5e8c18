package org.posthouse.sim;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.WireReader;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/** Plays one side of a transcript, line by line. */
final class TranscriptPlayer {
    private static final int LINE_OCTETS_MAX = 1 << 20;

    private final TimeSource time;
    private final boolean asClient;
    private final TlsSettings tls;
    private final Duration patience;
    private Connection connection;
    private final WireReader reader;

    /** What came is not what the line says. */
    static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final String what;

        Mismatch(String what) {
            super(what);
            this.what = what;
        }
    }

    TranscriptPlayer(
            TimeSource time,
            Connection connection,
            boolean asClient,
            TlsSettings tls,
            Duration patience) {
        this.time = time;
        this.connection = connection;
        this.asClient = asClient;
        this.tls = tls;
        this.patience = patience;
        this.reader = new WireReader(connection);
    }

    void play(TranscriptLine line) throws IOException, InterruptedException {
        switch (line) {
            case TranscriptLine.Text text when text.byClient() == asClient ->
                    send((text.text() + "\r\n").getBytes(StandardCharsets.UTF_8));
            case TranscriptLine.Text text -> expectLine(text);
            case TranscriptLine.Raw raw when raw.byClient() == asClient -> send(raw.octets());
            case TranscriptLine.Raw raw -> expectOctets(raw.octets());
            case TranscriptLine.Close end when end.byClient() == asClient -> connection.close();
            case TranscriptLine.Close end -> expectClose();
            case TranscriptLine.Silence silence when silence.byClient() == asClient ->
                    time.sleep(silence.duration().plusSeconds(1));
            case TranscriptLine.Silence silence -> expectSilence(silence.duration());
            case TranscriptLine.Wait wait -> time.sleep(wait.duration());
            case TranscriptLine.Tls both -> secure();
        }
    }

    void close() {
        connection.close();
    }

    private Deadline patience() {
        return time.after(patience);
    }

    private void send(byte[] octets) throws IOException {
        connection.write(octets, 0, octets.length, patience());
    }

    private void expectLine(TranscriptLine.Text due) throws IOException {
        boolean whole;
        try {
            whole = reader.readLine(LINE_OCTETS_MAX, patience());
        } catch (EOFException e) {
            throw new Mismatch("due: " + due.text() + "\n  but the connection was closed");
        }
        int from = reader.lineFrom();
        String received =
                new String(reader.buffer(), from, reader.lineTo() - from, StandardCharsets.UTF_8);
        if (!whole || !reader.lineEndedByCrlf() || !due.matches(received)) {
            String flaw = reader.lineEndedByCrlf() ? "" : " (ended by a bare LF)";
            throw new Mismatch("due: " + due.text() + "\n  came: " + received + flaw);
        }
    }

    private void expectOctets(byte[] due) throws IOException {
        byte[] received = new byte[due.length];
        int count = 0;
        while (count < due.length) {
            int more = Math.min(reader.available(patience()), due.length - count);
            System.arraycopy(reader.buffer(), reader.position(), received, count, more);
            reader.consume(more);
            count += more;
        }
        if (!Arrays.equals(due, received)) {
            throw new Mismatch("due: " + show(due) + "\n  came: " + show(received));
        }
    }

    private void expectClose() throws IOException {
        try {
            int count = reader.available(patience());
            byte[] left =
                    Arrays.copyOfRange(
                            reader.buffer(), reader.position(), reader.position() + count);
            throw new Mismatch("due: the end\n  came: " + show(left));
        } catch (EOFException | SocketException e) {
            connection.close();
        }
    }

    private void expectSilence(Duration duration) throws IOException {
        try {
            int count = reader.available(time.after(duration));
            byte[] left =
                    Arrays.copyOfRange(
                            reader.buffer(), reader.position(), reader.position() + count);
            throw new Mismatch("due: silence\n  came: " + show(left));
        } catch (DeadlineExceeded e) {
            // as due
        }
    }

    private void secure() throws IOException {
        if (reader.buffered() > 0) {
            throw new Mismatch("octets in clear text came before TLS");
        }
        connection = connection.secure(tls, patience());
        reader.switchTo(connection);
    }

    private static String show(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8)
                + "  ("
                + HexFormat.ofDelimiter(" ").formatHex(octets)
                + ")";
    }
}

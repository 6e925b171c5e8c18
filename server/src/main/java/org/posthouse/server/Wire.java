package org.posthouse.server;

import org.posthouse.core.Reply;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;

import java.io.IOException;
import java.time.Duration;

/**
 * The session's end of the connection. Replies gather until the session must wait for the client:
 * one write for a batch of pipelined commands (RFC 2920 section 3.2).
 */
final class Wire {
    /** For a client that still talks when the session is over. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final long LINGER_OCTETS_MAX = 8 << 20;

    private final LiveSession live;
    private final TimeSource time;
    private final WireReader reader;
    private final WireWriter writer;
    private Connection connection;

    Wire(Connection connection, LiveSession live, TimeSource time) {
        this.connection = connection;
        this.live = live;
        this.time = time;
        this.reader = new WireReader(connection);
        this.writer = new WireWriter(connection);
    }

    void say(CannedReply reply) {
        writer.octets(reply.octets());
    }

    void say(Reply reply) {
        writer.octets(reply.wire());
    }

    void text(String text) {
        writer.text(text);
    }

    /**
     * Reads a command line while the session may be ended by others.
     *
     * @return false when the line was too long and is gone
     */
    boolean readCommand(int octetsMax, Deadline deadline) throws IOException {
        live.checkEnd();
        if (reader.holdsLine()) {
            return reader.readLine(octetsMax, deadline);
        }
        writer.flush(deadline);
        live.idle();
        reader.shrink(); // who waits costs little
        boolean whole;
        try {
            whole = reader.readLine(octetsMax, deadline);
        } catch (IOException e) {
            live.atWork();
            throw e;
        }
        live.atWork();
        return whole;
    }

    /** Reads a line that belongs to a content that comes: the next chunk's command. */
    boolean readLine(int octetsMax, Deadline deadline) throws IOException {
        if (reader.holdsLine()) {
            return reader.readLine(octetsMax, deadline);
        }
        writer.flush(deadline);
        live.receiving();
        boolean whole;
        try {
            whole = reader.readLine(octetsMax, deadline);
        } catch (IOException e) {
            live.received();
            throw e;
        }
        live.received();
        return whole;
    }

    /** True when the last line that was too long began with this verb, in any case. */
    boolean skipped(String verb) {
        return reader.skipped().regionMatches(true, 0, verb, 0, verb.length());
    }

    /** The array that holds the last line, or content. */
    byte[] buffer() {
        return reader.buffer();
    }

    int lineFrom() {
        return reader.lineFrom();
    }

    int lineTo() {
        return reader.lineTo();
    }

    boolean lineEndedByCrlf() {
        return reader.lineEndedByCrlf();
    }

    /**
     * Waits for octets of content; {@link #position()} tells where they stand. What was said before
     * goes out first: the client may wait for it (RFC 2920 section 3.2).
     */
    int available(Deadline deadline) throws IOException {
        if (reader.buffered() > 0) {
            return reader.buffered();
        }
        if (writer.pending() > 0) {
            if (connection.hasInput()) {
                return reader.available(deadline); // at work: what waits to be said is not lost
            }
            writer.flush(deadline);
        }
        live.receiving();
        int octets;
        try {
            octets = reader.available(deadline);
        } catch (IOException e) {
            live.received();
            throw e;
        }
        live.received();
        return octets;
    }

    int position() {
        return reader.position();
    }

    void consume(int octets) {
        reader.consume(octets);
    }

    /** True when the client has sent something that was not read. */
    boolean hasInput() {
        return reader.buffered() > 0 || connection.hasInput();
    }

    /** Waits for the client to say something, while the session may be ended by others. */
    void awaitInput(Deadline deadline) throws IOException {
        live.idle();
        try {
            reader.available(deadline);
        } catch (IOException e) {
            live.atWork();
            throw e;
        }
        live.atWork();
    }

    void flush(Deadline deadline) throws IOException {
        writer.flush(deadline);
    }

    /**
     * Puts TLS on top. What the client sent in clear text behind STARTTLS is dropped, so that
     * nothing injected survives (RFC 3207 section 4.2).
     */
    void secure(TlsSettings settings, Deadline deadline) throws IOException {
        reader.discardBuffered();
        live.securing();
        Connection secured;
        try {
            secured = connection.secure(settings, deadline);
        } catch (IOException e) {
            live.atWork();
            throw e;
        }
        connection = secured;
        reader.switchTo(secured);
        writer.switchTo(secured);
        live.switchTo(secured);
        live.atWork();
    }

    boolean isSecured() {
        return connection.tls().isPresent();
    }

    /** Closes; what was said last arrives, whatever the client says meanwhile. */
    void close() {
        if (hasInput()) {
            connection.linger(LINGER_OCTETS_MAX, time.after(LINGER));
        }
        connection.close();
    }
}

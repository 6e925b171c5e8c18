package org.posthouse.daemon;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network.Listening;
import org.posthouse.platform.Platform;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens for the daemon's own user: JSON Lines, one request after the other on a connection.
 * Lines, connections and waits are bounded, so that a client that goes wrong can't harm the mail.
 */
final class ControlServer implements AutoCloseable {
    static final int CONNECTIONS_MAX = 16;
    static final Duration REQUEST_WITHIN = Duration.ofMinutes(1);
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    static final String BAD_REQUEST = "PH-S051";

    /** The request that has a content behind it. */
    static final String SUBMIT = "submit";

    static final String TOO_MANY = "PH-S052";

    private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());
    private static final int BACKLOG = 16;

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final Platform platform;
    private final Listening listening;
    private final ControlVerbs verbs;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    private ControlServer(Platform platform, Listening listening, ControlVerbs verbs) {
        this.platform = platform;
        this.listening = listening;
        this.verbs = verbs;
    }

    /**
     * Begins to listen.
     *
     * @throws IOException when the socket can't be made
     */
    static ControlServer start(Platform platform, Path data, ControlVerbs verbs)
            throws IOException {
        ControlSocket.prepare(data);
        Listening listening = platform.network().listen(ControlSocket.in(data), BACKLOG);
        var server = new ControlServer(platform, listening, verbs);
        platform.threads().start("control", server::accept);
        return server;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                serveNext();
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                if (!listening.isClosed() && !pauseAfter(e)) {
                    return;
                }
            }
        }
    }

    private void serveNext() throws IOException {
        Connection connection = listening.accept();
        boolean started = false;
        try {
            platform.threads().start("control-session", () -> serve(connection));
            started = true;
        } finally {
            if (!started) {
                connection.close();
            }
        }
    }

    /** Too many files may be open just now; false when the thread is to end. */
    private boolean pauseAfter(Throwable failure) {
        LOG.log(System.Logger.Level.WARNING, "the control socket failed, and goes on", failure);
        try {
            platform.time().sleep(PAUSE_AFTER_FAILURE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void serve(Connection connection) {
        open.add(connection);
        try (connection) {
            var writer = new WireWriter(connection);
            if (connections.incrementAndGet() > CONNECTIONS_MAX) {
                write(writer, ControlAnswer.no(TOO_MANY, "too many are connected here already"));
                return;
            }
            converse(new WireReader(connection), writer);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a client of the control socket is gone", e);
        } finally {
            connections.decrementAndGet();
            open.remove(connection);
        }
    }

    private void converse(WireReader reader, WireWriter writer) throws IOException {
        while (reader.readLine(
                ControlSocket.LINE_OCTETS_MAX, platform.time().after(REQUEST_WITHIN))) {
            int length = reader.lineTo() - reader.lineFrom();
            String line =
                    new String(reader.buffer(), reader.lineFrom(), length, StandardCharsets.UTF_8);
            write(writer, answer(line, reader, writer));
        }
        write(writer, ControlAnswer.no(BAD_REQUEST, "this line is too long"));
    }

    private ControlAnswer answer(String line, WireReader reader, WireWriter writer)
            throws IOException {
        try {
            ControlRequest request = ControlRequest.parse(line);
            if (request.verb().equals(SUBMIT)) {
                return submit(request, reader);
            }
            Optional<ControlAnswer> followed =
                    verbs.following().answer(request, (each, in) -> send(writer, each, in));
            return followed.orElseGet(() -> verbs.control().apply(request));
        } catch (IllegalArgumentException e) {
            return ControlAnswer.no(BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a request of the control socket failed", e);
            return ControlAnswer.no("PH-S021", "a defect of ours: " + e);
        }
    }

    /** The content is read to its end, whatever came of it, so that both stay in step. */
    private ControlAnswer submit(ControlRequest request, WireReader reader) throws IOException {
        var content = new Base64Lines(reader, platform.time(), REQUEST_WITHIN);
        ControlAnswer answer;
        try {
            answer = verbs.submissions().apply(request, content);
        } catch (IllegalArgumentException e) {
            answer = ControlAnswer.no(BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new IOException("a content ended early", e);
        }
        content.drain();
        return answer;
    }

    private void write(WireWriter writer, ControlAnswer answer) throws IOException {
        Deadline deadline = platform.time().after(ANSWER_WITHIN);
        for (String line : answer.lines()) {
            byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
            writer.octets(octets, 0, octets.length, deadline);
        }
        writer.text(answer.last() + "\n");
        writer.flush(deadline);
    }

    private void send(WireWriter writer, String line, Duration within) throws IOException {
        Deadline deadline = platform.time().after(within);
        byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
        writer.octets(octets, 0, octets.length, deadline);
        writer.flush(deadline);
    }

    /** Ends all connections: clients that wait for the end see it. */
    @Override
    public void close() {
        listening.close();
        open.forEach(Connection::close);
    }
}

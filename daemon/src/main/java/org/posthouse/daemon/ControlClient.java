package org.posthouse.daemon;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Asks a running daemon. */
final class ControlClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SAID_WITHIN = Duration.ofSeconds(10);

    private final JdkPlatform platform;
    private final Connection connection;
    private final WireReader reader;
    private final WireWriter writer;

    private ControlClient(JdkPlatform platform, Connection connection) {
        this.platform = platform;
        this.connection = connection;
        this.reader = new WireReader(connection);
        this.writer = new WireWriter(connection);
    }

    /**
     * Connects to the daemon of a data folder.
     *
     * @throws IOException when none listens there, or it is somebody else's
     */
    static ControlClient connect(Path data) throws IOException {
        JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
        boolean done = false;
        try {
            Deadline deadline = platform.time().after(CONNECT_TIMEOUT);
            Connection connection = platform.network().connect(ControlSocket.in(data), deadline);
            done = true;
            return new ControlClient(platform, connection);
        } finally {
            if (!done) {
                platform.close();
            }
        }
    }

    /**
     * Asks.
     *
     * @param within how long the answer may take
     * @param each told every line of the answer but the last
     * @return the last line
     */
    Map<String, Object> ask(
            String verb,
            Consumer<JsonLine> more,
            Duration within,
            Consumer<Map<String, Object>> each)
            throws IOException {
        String request =
                JsonLine.of(
                        json -> {
                            json.number("v", ControlSocket.VERSION).text("do", verb);
                            more.accept(json);
                        });
        writer.text(request + "\n");
        writer.flush(platform.time().after(SAID_WITHIN));
        while (true) {
            Map<String, Object> line = line(within);
            if (line.containsKey("ok")) {
                return line;
            }
            each.accept(line);
        }
    }

    private Map<String, Object> line(Duration within) throws IOException {
        if (!reader.readLine(ControlSocket.LINE_OCTETS_MAX, platform.time().after(within))) {
            throw new IOException("the daemon's answer is too long");
        }
        int length = reader.lineTo() - reader.lineFrom();
        String text =
                new String(reader.buffer(), reader.lineFrom(), length, StandardCharsets.UTF_8);
        try {
            return JsonReader.object(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("the daemon's answer makes no sense: " + e.getMessage(), e);
        }
    }

    TimeSource time() {
        return platform.time();
    }

    /** Waits until the daemon is gone. */
    void awaitEnd(Duration within) throws IOException {
        try {
            line(within);
            throw new IOException("the daemon goes on");
        } catch (EOFException e) {
            return; // it is gone
        }
    }

    @Override
    public void close() {
        connection.close();
        platform.close();
    }
}

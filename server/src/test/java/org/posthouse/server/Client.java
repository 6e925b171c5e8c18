package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.posthouse.platform.Connection;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.WireReader;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/** A client that does what a test says. */
final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final TimeSource time;
    private final WireReader reader;
    private Connection connection;
    private Optional<Runnable> afterEach = Optional.empty();

    Client(Connection connection, TimeSource time) {
        this.connection = connection;
        this.time = time;
        this.reader = new WireReader(connection);
    }

    void send(byte[] octets) throws IOException {
        if (afterEach.isPresent()) {
            sendSlowly(octets, afterEach.get());
        } else {
            connection.write(octets, 0, octets.length, time.after(PATIENCE));
        }
    }

    private void sendSlowly(byte[] octets, Runnable afterEachOctet) {
        try {
            for (int at = 0; at < octets.length; at++) {
                connection.write(octets, at, 1, time.after(PATIENCE));
                afterEachOctet.run();
            }
        } catch (IOException e) {
            // the server has closed before the end, as the next step finds
        }
    }

    /** From now on each octet is a write of its own, and this is run behind it. */
    void sendOctetByOctet(Runnable afterEach) {
        this.afterEach = Optional.of(afterEach);
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The next line, without CRLF. */
    String line() throws IOException {
        assertThat(reader.readLine(4096, time.after(PATIENCE))).isTrue();
        assertThat(reader.lineEndedByCrlf()).isTrue();
        int length = reader.lineTo() - reader.lineFrom();
        return new String(reader.buffer(), reader.lineFrom(), length, StandardCharsets.UTF_8);
    }

    /** The last line of the next reply. */
    String reply() throws IOException {
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line();
        }
        return line;
    }

    String ask(String command) throws IOException {
        send(command + "\r\n");
        return reply();
    }

    /** What the server said before it closed; empty when nothing. */
    String untilClosed() throws IOException {
        var said = new StringBuilder();
        try {
            while (true) {
                said.append(line()).append('\n');
            }
        } catch (EOFException e) {
            connection.close();
            return said.toString();
        }
    }

    /** Octets that came and were not looked at. */
    int unread() {
        return reader.buffered();
    }

    void secure() throws IOException {
        try {
            var settings = new TlsSettings.Client(SSLContext.getDefault(), "mx.example", false);
            connection = connection.secure(settings, time.after(PATIENCE));
            reader.switchTo(connection);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}

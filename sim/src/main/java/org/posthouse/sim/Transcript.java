package org.posthouse.sim;

import org.posthouse.platform.Connection;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsSettings;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

/**
 * A dialogue from a file, played against a connection.
 *
 * <pre>
 *   # a comment
 *   S: 220 mx.example ESMTP *     the server's line; a * at the end stands for anything
 *   C: EHLO client.example        the client's line; CRLF is added
 *   C> a\r\nb\n\x00               exactly these octets: \r \n \t \0 \\ \xNN, no CRLF added
 *   TLS                           both shake hands
 *   wait 5m                       time passes: ms, s, m, h, d
 *   S: &lt;silence 10s>              nothing comes for so long
 *   S: &lt;close>                    the server closes
 * </pre>
 *
 * <p>Lines are UTF-8. What fails is told with the line's number.
 *
 * @since 0.1
 */
public final class Transcript {
    /** How long a due line may take. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final String name;
    private final List<TranscriptLine> lines;

    private Transcript(String name, List<TranscriptLine> lines) {
        this.name = name;
        this.lines = lines;
    }

    /** From a text; the name is for messages. */
    public static Transcript parse(String name, String text) {
        List<TranscriptLine> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                lines.add(TranscriptLine.parse(number, line));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException(name + ":" + number + ": " + e.getMessage(), e);
            }
        }
        return new Transcript(name, lines);
    }

    /**
     * From a resource beside a class; since modules hide their resources from each other, the
     * caller opens it: {@code Transcript.read("x.smtp", X.class.getResourceAsStream("/x.smtp"))}.
     */
    public static Transcript read(String name, InputStream in) {
        try (in) {
            return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays the client: sends the C lines and expects the S lines. */
    public void playClient(TimeSource time, Connection connection) {
        TlsSettings tls = new TlsSettings.Client(anyContext(), "server.example", false);
        play(time, connection, true, tls);
    }

    /** Plays the client with TLS settings of its own. */
    public void playClient(TimeSource time, Connection connection, TlsSettings.Client tls) {
        play(time, connection, true, tls);
    }

    /** Plays the server: sends the S lines and expects the C lines. */
    public void playServer(TimeSource time, Connection connection) {
        play(time, connection, false, new TlsSettings.Server(anyContext(), false));
    }

    /** Plays the server with TLS settings of its own. */
    public void playServer(TimeSource time, Connection connection, TlsSettings.Server tls) {
        play(time, connection, false, tls);
    }

    private void play(TimeSource time, Connection connection, boolean asClient, TlsSettings tls) {
        TranscriptPlayer player = new TranscriptPlayer(time, connection, asClient, tls, PATIENCE);
        for (TranscriptLine line : lines) {
            try {
                player.play(line);
            } catch (DeadlineExceeded e) {
                throw failure(line, "nothing came in time", e);
            } catch (EOFException e) {
                throw failure(line, "the other end closed the connection", e);
            } catch (IOException e) {
                throw failure(line, e.toString(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure(line, "interrupted", e);
            } catch (TranscriptPlayer.Mismatch e) {
                throw failure(line, e.what, e);
            }
        }
        player.close();
    }

    private AssertionError failure(TranscriptLine line, String what, Exception cause) {
        return new AssertionError(name + ":" + line.number() + ": " + what, cause);
    }

    private static SSLContext anyContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

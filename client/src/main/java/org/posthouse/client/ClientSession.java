package org.posthouse.client;

import org.posthouse.core.Reply;
import org.posthouse.platform.Connection;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsFacts;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One conversation with one host, as its client (RFC 5321): opened from greeting to AUTH, then one
 * transaction after the other, then QUIT. One thread uses it; {@link #close} may come from any.
 *
 * <pre>
 * state      | transact                      | quit, close
 * -----------+-------------------------------+------------
 * ready      | ready: the next one may come, | closed
 *            | or worn: see isUsable         |
 * worn       | every recipient LOST          | closed
 * closed     | every recipient LOST          | closed
 * </pre>
 *
 * @since 0.1
 */
public final class ClientSession implements AutoCloseable {
    private static final Duration QUIT_TIMEOUT = Duration.ofSeconds(5);

    /**
     * A host may have closed an idle connection without our knowing; what is streamed into it would
     * have to count as ambiguous. After this time the envelope goes first again.
     */
    private static final Duration STREAM_IDLE_MAX = Duration.ofSeconds(1);

    private final TimeSource time;
    private final Conversation wire;
    private final ClientSettings settings;
    private final Extensions extensions;
    private final Steps steps;
    private long lastAnswerNanos;
    private boolean usable = true;
    private boolean clean = true;
    private boolean proven;
    private int transactions;

    ClientSession(
            TimeSource time,
            Conversation wire,
            ClientSettings settings,
            Extensions extensions,
            Steps steps) {
        this.time = time;
        lastAnswerNanos = time.nanos();
        this.wire = wire;
        this.settings = settings;
        this.extensions = extensions;
        this.steps = steps;
    }

    /**
     * Talks to a host up to the point where a transaction may begin: greeting, EHLO (HELO where it
     * is not known), STARTTLS and EHLO again, AUTH. Closes the connection where that fails.
     */
    public static Opening open(
            TimeSource time, Connection connection, ClientSettings settings, Steps steps) {
        return new Opener(time, new Conversation(time, connection), settings, steps).open();
    }

    /**
     * Sends one message: one round trip where the host offers PIPELINING and CHUNKING and is known
     * well enough, two where it offers one of them.
     *
     * @return an answer for each recipient, in order
     */
    public List<Answer> transact(Transaction transaction) {
        var exchange = new Exchange(wire, settings, extensions, steps, transaction);
        List<Answer> answers = exchange.run(usable, !clean, mayStream());
        lastAnswerNanos = time.nanos();
        usable = usable && exchange.isUsable();
        clean = exchange.isClean();
        if (exchange.wentWell()) {
            transactions++;
            proven = true;
        }
        if (!usable) {
            wire.close();
        }
        return answers;
    }

    /** False once the connection is lost or the host said goodbye: only {@link #quit} is left. */
    public boolean isUsable() {
        return usable;
    }

    /** Transactions that ended with the host taking the message. */
    public int transactions() {
        return transactions;
    }

    /** What the host offers. */
    public Extensions extensions() {
        return extensions;
    }

    /** The facts of TLS; empty on clear text. */
    public Optional<TlsFacts> tls() {
        return wire.connection().tls();
    }

    /** The connection's two ends, for logs. */
    public Connection connection() {
        return wire.connection();
    }

    /** Says QUIT where the conversation still stands, waits shortly for the reply, and closes. */
    public void quit() {
        if (usable) {
            usable = false;
            try {
                Reply unused = wire.exchange("QUIT\r\n", QUIT_TIMEOUT);
            } catch (IOException e) {
                // it is over either way
            }
        }
        wire.close();
    }

    /** Cuts the conversation, at whatever point it is. */
    @Override
    public void close() {
        wire.close();
    }

    private boolean mayStream() {
        return switch (settings.streaming()) {
            case OFF -> false;
            case LEARNED -> proven && time.nanos() - lastAnswerNanos < STREAM_IDLE_MAX.toNanos();
            case TRUSTED -> true;
        };
    }
}

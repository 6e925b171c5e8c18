package org.posthouse.client;

import org.posthouse.core.OctetOutput;
import org.posthouse.core.ProtocolLimits;
import org.posthouse.core.Reply;
import org.posthouse.core.ReplyParser;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import javax.net.ssl.SSLException;

/** Commands out, replies in, each by its deadline. One thread uses it; any may close it. */
final class Conversation {
    private static final int UNREAD_SHOWN_MAX = 80;

    private final TimeSource time;
    private final WireReader reader;
    private final WireWriter writer;
    private final ReplyParser parser = new ReplyParser();
    private volatile Connection connection;
    private Tape tape;

    Conversation(TimeSource time, Connection connection) {
        this.time = time;
        this.connection = connection;
        tape = new Tape().begin(time.nanos());
        reader = new WireReader(connection);
        writer = new WireWriter(connection);
    }

    Connection connection() {
        return connection;
    }

    /** What is said from now on is kept there. */
    void onto(Tape other) {
        tape = other;
    }

    /** Where what is said is kept. */
    Tape tape() {
        return tape;
    }

    /** Keeps that something happened. */
    void note(String text) {
        tape.note(text, time.nanos());
    }

    /** Adds text to what the next {@link #flush} writes. */
    void add(String text) {
        writer.text(text);
        tape.sent(text);
    }

    /** Adds content, written in blocks, each of which must be taken in time. */
    OctetOutput<IOException> content(Duration eachBlock) {
        Tape onto = tape;
        return (octets, offset, length) -> {
            onto.content(length);
            writer.octets(octets, offset, length, time.after(eachBlock));
        };
    }

    /** What was added is written by whoever flushes next. */
    void leaves() {
        tape.flushed(time.nanos());
    }

    void flush(Duration within) throws IOException {
        leaves();
        writer.flush(time.after(within));
    }

    /** The next reply, complete before the time is over. */
    Reply reply(Duration within) throws IOException {
        Deadline deadline = time.after(within);
        while (true) {
            if (!reader.readLine(ProtocolLimits.REPLY_LINE_ACCEPTED_OCTETS_MAX, deadline)) {
                throw new GarbledReply("a reply line without end");
            }
            tape.replied(reader.buffer(), reader.lineFrom(), reader.lineTo(), time.nanos());
            ReplyParser.Result result =
                    parser.line(reader.buffer(), reader.lineFrom(), reader.lineTo());
            switch (result) {
                case ReplyParser.Result.NeedMore more -> {}
                case ReplyParser.Result.Complete complete -> {
                    return complete.reply();
                }
                case ReplyParser.Result.Garbled garbled -> throw new GarbledReply(garbled.why());
            }
        }
    }

    /**
     * No reply is due: one that has come all the same would pass for the reply to what is sent
     * next, and so a message for taken that was not.
     *
     * @throws UnaskedReply when there is one
     * @throws EOFException when it says that the host leaves
     */
    void requireSilence() throws IOException {
        String unread = unread();
        if (unread.startsWith("221")) {
            throw new EOFException("the host said goodbye");
        }
        if (!unread.isEmpty() && !unread.startsWith("421")) {
            throw new UnaskedReply("a reply to nothing that was asked: " + unread);
        }
    }

    /** What has come and was not read: the beginning of it, fit for logs. */
    String unread() {
        int count = Math.min(reader.buffered(), UNREAD_SHOWN_MAX);
        if (count == 0) {
            return "";
        }
        var text =
                new String(reader.buffer(), reader.position(), count, StandardCharsets.ISO_8859_1);
        return text.replaceAll("[^ -~]", "?");
    }

    /** Sends one command, given with its CRLF, and waits for its reply. */
    Reply exchange(String line, Duration within) throws IOException {
        add(line);
        flush(within);
        return reply(within);
    }

    /** Puts TLS on top; what came before it in clear text is dropped (RFC 3207 section 4.2). */
    void secure(TlsSettings settings, Duration within) throws IOException {
        reader.discardBuffered();
        Connection secured = connection.secure(settings, time.after(within));
        connection = secured;
        reader.switchTo(secured);
        writer.switchTo(secured);
        secured.tls().ifPresent(facts -> note(facts.version() + " " + facts.cipher()));
    }

    boolean isSecured() {
        return connection.tls().isPresent();
    }

    void close() {
        connection.close();
    }

    /** Our words for what happened to the connection; always 4yz. */
    static Reply wordsFor(IOException failure, String when) {
        return switch (failure) {
            case DeadlineExceeded late -> Reply.of(421, "4.4.2", "timed out " + when);
            case EOFException end ->
                    Reply.of(421, "4.4.2", "the host closed the connection " + when);
            case GarbledReply garbled -> Reply.of(421, "4.5.0", clean(garbled) + " " + when);
            case SSLException tls -> Reply.of(421, "4.7.5", Alerts.words(clean(tls)) + " " + when);
            default -> Reply.of(421, "4.4.2", "connection lost " + when + ": " + clean(failure));
        };
    }

    private static String clean(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}

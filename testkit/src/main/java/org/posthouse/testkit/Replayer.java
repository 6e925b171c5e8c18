package org.posthouse.testkit;

import org.posthouse.core.EnhancedStatus;
import org.posthouse.core.Reply;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.WireReader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Plays the server of a recorded dialogue over one connection. A command that was not recorded is
 * answered as a server would that takes everything.
 */
final class Replayer {
    private static final int LINE_OCTETS_MAX = 64 * 1024;
    private static final String DOT = ".";

    private final String name;
    private final Recording.End end;
    private final List<Recording.Turn> left;
    private final Optional<String> greeting;
    private final Post post;
    private final TimeSource time;
    private final WireReader reader;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final List<String> takers = new ArrayList<>();
    private Connection connection;
    private Optional<Numbered> attempt = Optional.empty();

    private record Numbered(long number, Attempt attempt) {}

    Replayer(String name, Recording recording, Post post, TimeSource time, Connection connection) {
        this.name = name;
        this.greeting = recording.greeting();
        this.end = recording.end();
        this.left = new ArrayList<>(recording.turns());
        this.post = post;
        this.time = time;
        this.connection = connection;
        this.reader = new WireReader(connection);
    }

    void run() {
        try {
            boolean goesOn = say(greeting.orElse("220 " + name + " ESMTP"));
            while (goesOn) {
                String line = line();
                goesOn = command(line, Recording.verb(line));
            }
        } catch (IOException e) {
            // the client went away
        } finally {
            connection.close();
        }
    }

    private boolean command(String line, String verb) throws IOException {
        if (verb.equals("BDAT")) {
            receive(Long.parseLong(line.split(" ", -1)[1]));
        }
        Optional<String> reply = reply(line, verb);
        if (reply.isEmpty()) {
            return stop();
        }
        note(line, verb, reply.get());
        boolean goesOn = say(reply.get()) && !verb.equals("QUIT");
        if (goesOn && verb.equals("DATA") && reply.get().startsWith("3")) {
            receiveLines();
            return command(DOT, DOT);
        }
        return goesOn && (!verb.equals("STARTTLS") || isSecured(reply.get()));
    }

    /** What was recorded, or what is usual; empty where no reply came. */
    private Optional<String> reply(String line, String verb) {
        for (Recording.Turn turn : left) {
            if (turn.isFor(line)) {
                left.remove(turn);
                return turn.reply();
            }
        }
        return Optional.of(
                switch (verb) {
                    case "DATA" -> "354 go on";
                    case "QUIT" -> "221 2.0.0 bye";
                    case "STARTTLS" -> "454 4.7.0 no TLS was recorded";
                    case "EHLO", "HELO" -> "250 " + name;
                    default -> "250 2.0.0 ok";
                });
    }

    /** Keeps what a test may ask for. */
    private void note(String line, String verb, String reply) {
        switch (verb) {
            case "MAIL" -> {
                var begun = new Attempt(time.now(), address(line), "");
                attempt = Optional.of(new Numbered(post.begin(begun), begun));
                takers.clear();
                content.reset();
            }
            case "RCPT" -> {
                attempt.ifPresent(each -> each.attempt().names(address(line)));
                if (reply.startsWith("2")) {
                    takers.add(address(line));
                }
            }
            default -> {}
        }
        if (reply.startsWith("4") || reply.startsWith("5")) {
            attempt.ifPresent(each -> each.attempt().refused(parse(reply)));
        }
        boolean isEnd = verb.equals(DOT) || line.toUpperCase(Locale.ROOT).endsWith(" LAST");
        if (isEnd && reply.startsWith("2") && !takers.isEmpty()) {
            attempt.ifPresent(this::receive);
        }
    }

    private void receive(Numbered of) {
        var mail = new ReceivedMail(of.attempt(), takers, time.now(), content.toByteArray());
        post.receive(of.number(), of.attempt(), mail);
        attempt = Optional.empty();
    }

    private static Reply parse(String reply) {
        String line = reply.substring(reply.lastIndexOf('\n') + 1);
        String[] words = line.split(" ", 3);
        int code = Integer.parseInt(words[0].substring(0, 3));
        boolean hasStatus = words.length > 2 && words[1].matches("[245]\\.\\d+\\.\\d+");
        String text = line.substring(Math.min(line.length(), 4));
        return hasStatus && EnhancedStatus.of(words[1]).toString().charAt(0) == line.charAt(0)
                ? Reply.of(code, words[1], words[2])
                : Reply.plain(code, text);
    }

    private static String address(String line) {
        int from = line.indexOf('<');
        int to = line.indexOf('>');
        return from < 0 || to < from ? "" : line.substring(from + 1, to);
    }

    /** As it ended: true never. */
    private boolean stop() throws IOException {
        if (end == Recording.End.HANGS) {
            while (reader.available(Deadline.NEVER) >= 0) {
                reader.consume(reader.buffered());
            }
        }
        return false;
    }

    /** The handshake, which fails where nothing was said behind it. */
    private boolean isSecured(String reply) throws IOException {
        if (!reply.startsWith("2")) {
            return true;
        }
        if (left.isEmpty()) {
            return false;
        }
        connection =
                connection.secure(
                        new TlsSettings.Server(MailSink.context(), false), Deadline.NEVER);
        reader.switchTo(connection);
        return true;
    }

    /** False when the reply says that the connection ends. */
    private boolean say(String reply) throws IOException {
        byte[] octets = (reply + "\r\n").getBytes(StandardCharsets.UTF_8);
        connection.write(octets, 0, octets.length, Deadline.NEVER);
        return !reply.startsWith("421");
    }

    private void receive(long octets) throws IOException {
        long missing = octets;
        while (missing > 0) {
            int count = (int) Math.min(missing, reader.available(Deadline.NEVER));
            content.write(reader.buffer(), reader.position(), count);
            reader.consume(count);
            missing -= count;
        }
    }

    private void receiveLines() throws IOException {
        String line = line();
        while (!line.equals(DOT)) {
            String plain = line.startsWith(DOT) ? line.substring(1) : line;
            content.writeBytes((plain + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            line = line();
        }
    }

    private String line() throws IOException {
        if (!reader.readLine(LINE_OCTETS_MAX, Deadline.NEVER)) {
            throw new IOException("a line is too long");
        }
        return new String(
                reader.buffer(),
                reader.lineFrom(),
                reader.lineTo() - reader.lineFrom(),
                StandardCharsets.ISO_8859_1);
    }
}

package org.posthouse.sim;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.WireReader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.net.ssl.SSLContext;

/**
 * A next hop that accepts everything, unless a script says otherwise: an SMTP server for tests, in
 * the simulated network. Scripts answer a command by the start of its line; {@code "."} stands for
 * the end of DATA, {@code "BDAT"} for the end of a chunk, {@code "GREETING"} for the connection.
 *
 * @since 0.1
 */
public final class ScriptedPeer implements AutoCloseable {
    /** As a reply: the connection is closed without a word. */
    public static final String CLOSE = "CLOSE";

    /** As a reply: nothing is said any more. */
    public static final String SILENCE = "SILENCE";

    /** Says goodbye: the connection is closed behind it (RFC 5321 section 3.8). */
    private static final String CLOSING = "421";

    private static final int LINE_OCTETS_MAX = 1 << 20;
    private static final int BACKLOG = 5000;

    private final SimPlatform platform;
    private final Network.Listening listening;
    private final Map<String, Deque<String>> once = new LinkedHashMap<>();
    private final Map<String, String> always = new LinkedHashMap<>();
    private final List<String> extensions = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();
    private final List<Received> received = new ArrayList<>();
    private final List<Connection> open = new ArrayList<>();
    private boolean implicitTls;
    private boolean lmtp;
    private int connections;
    private int connectionsAtOnceMax;
    private int takenAtOnce = Integer.MAX_VALUE;
    private String refusal = CLOSING;
    private int refused;

    /**
     * A message that was taken.
     *
     * @param mail the MAIL line
     * @param rcpts the RCPT lines that were accepted
     * @param content dots unstuffed
     * @param connection which connection it came over, from 1
     */
    public record Received(String mail, List<String> rcpts, String content, int connection) {
        /** Copies the list. */
        public Received {
            rcpts = List.copyOf(rcpts);
        }
    }

    /** Listens on an address and serves. */
    public ScriptedPeer(SimPlatform platform, String address, int port) {
        this.platform = platform;
        extensions.addAll(List.of("PIPELINING", "8BITMIME", "SIZE 10000000", "DSN", "SMTPUTF8"));
        try {
            listening = platform.network().listen(SimNetwork.socket(address, port), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        platform.threads().start("peer " + address, this::accept);
    }

    /** What EHLO offers from now on. */
    public ScriptedPeer offers(String... lines) {
        extensions.clear();
        extensions.addAll(List.of(lines));
        return this;
    }

    /** TLS from the first octet. */
    public ScriptedPeer implicitTls() {
        implicitTls = true;
        return this;
    }

    /**
     * Speaks LMTP: LHLO, and one reply for each recipient behind the content, which scripts answer
     * as {@code "FOR ada@x.example"}.
     */
    public ScriptedPeer lmtp() {
        lmtp = true;
        return this;
    }

    /** No more connections than that at the same time; others are greeted with this reply. */
    public ScriptedPeer takesAtOnce(int most, String otherwise) {
        takenAtOnce = most;
        refusal = otherwise;
        return this;
    }

    /** How many connections were refused since there were too many. */
    public int refused() {
        return refused;
    }

    /** The next commands that start so get these replies, one each; then it is as before. */
    public ScriptedPeer once(String start, String... replies) {
        once.computeIfAbsent(start, key -> new ArrayDeque<>()).addAll(List.of(replies));
        return this;
    }

    /** Commands that start so get this reply. */
    public ScriptedPeer always(String start, String reply) {
        always.put(start, reply);
        return this;
    }

    /** Ends {@link #always}. */
    public ScriptedPeer heal(String start) {
        always.remove(start);
        return this;
    }

    /** All command lines so far, over all connections. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** The messages taken so far. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** How many connections there were. */
    public int connections() {
        return connections;
    }

    /** How many connections were open at the same time, at most. */
    public int connectionsAtOnceMax() {
        return connectionsAtOnceMax;
    }

    @Override
    public void close() {
        listening.close();
        List.copyOf(open).forEach(Connection::close);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Connection connection = listening.accept();
                connections++;
                int number = connections;
                open.add(connection);
                connectionsAtOnceMax = Math.max(connectionsAtOnceMax, open.size());
                platform.threads().start("peer session", () -> serve(connection, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Connection connection, int number) {
        try {
            new Session(connection, number).run();
        } catch (IOException e) {
            // the client went away
        } finally {
            connection.close();
            open.remove(connection);
        }
    }

    private @Nullable String scripted(String line) {
        for (var entry : once.entrySet()) {
            if (matches(line, entry.getKey()) && !entry.getValue().isEmpty()) {
                return entry.getValue().remove();
            }
        }
        for (var entry : always.entrySet()) {
            if (matches(line, entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static boolean matches(String line, String start) {
        return line.toLowerCase(Locale.ROOT).startsWith(start.toLowerCase(Locale.ROOT));
    }

    private static SSLContext context() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One connection. */
    private final class Session {
        private final int number;
        private Connection connection;
        private final WireReader reader;
        private String mail = "";
        private final List<String> rcpts = new ArrayList<>();
        private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

        Session(Connection connection, int number) {
            this.connection = connection;
            this.number = number;
            reader = new WireReader(connection);
        }

        void run() throws IOException {
            if (implicitTls) {
                secure();
            }
            boolean tooMany = open.size() > takenAtOnce;
            refused += tooMany ? 1 : 0;
            if (!reply("GREETING", tooMany ? refusal : "220 peer.example ESMTP") || tooMany) {
                return;
            }
            boolean goesOn = true;
            while (goesOn) {
                String line = line();
                commands.add(line);
                goesOn = command(line, verb(line));
            }
        }

        private boolean command(String line, String verb) throws IOException {
            return switch (verb) {
                case "EHLO", "LHLO" ->
                        reply(line, verb.equals("LHLO") == lmtp ? ehlo() : "500 5.5.1 no");
                case "MAIL" -> mail(line);
                case "RCPT" -> rcpt(line);
                case "DATA" -> data(line);
                case "BDAT" -> bdat(line);
                case "RSET" -> {
                    forget();
                    yield reply(line, "250 2.0.0 reset");
                }
                case "STARTTLS" -> startTls(line);
                case "AUTH" -> reply(line, "235 2.7.0 welcome");
                case "QUIT" -> {
                    boolean unused = reply(line, "221 2.0.0 bye");
                    yield false;
                }
                default -> reply(line, "250 2.0.0 ok");
            };
        }

        private boolean mail(String line) throws IOException {
            String scripted = scripted(line);
            String reply = scripted == null ? "250 2.1.0 ok" : scripted;
            if (reply.startsWith("2")) {
                mail = line;
            }
            return say(reply);
        }

        private boolean rcpt(String line) throws IOException {
            String scripted = scripted(line);
            String otherwise = mail.isEmpty() ? "503 5.5.1 MAIL first" : "250 2.1.5 ok";
            String reply = scripted == null ? otherwise : scripted;
            if (reply.startsWith("2")) {
                rcpts.add(line);
            }
            return say(reply);
        }

        private boolean data(String line) throws IOException {
            String scripted = scripted(line);
            String otherwise = rcpts.isEmpty() ? "503 5.5.1 no recipients" : "354 go on";
            String reply = scripted == null ? otherwise : scripted;
            if (!say(reply) || !reply.startsWith("3")) {
                return !reply.equals(CLOSE) && !reply.startsWith(CLOSING);
            }
            var content = new StringBuilder();
            String text = line();
            while (!text.equals(".")) {
                content.append(text.startsWith(".") ? text.substring(1) : text).append("\r\n");
                text = line();
            }
            return end(".", content.toString());
        }

        private boolean bdat(String line) throws IOException {
            String[] words = line.split(" ", -1);
            long left = Long.parseLong(words[1]);
            while (left > 0) {
                int count = (int) Math.min(left, reader.available(Deadline.NEVER));
                chunks.write(reader.buffer(), reader.position(), count);
                reader.consume(count);
                left -= count;
            }
            if (rcpts.isEmpty()) {
                chunks.reset();
                return reply(line, "503 5.5.1 no recipients");
            }
            return words.length > 2
                    ? end(line, chunks.toString(StandardCharsets.UTF_8))
                    : reply(line, "250 2.0.0 ok");
        }

        private boolean end(String what, String content) throws IOException {
            if (lmtp) {
                return endForEach(content);
            }
            String scripted = scripted(what);
            String reply = scripted == null ? "250 2.0.0 taken" : scripted;
            if (reply.startsWith("2")) {
                received.add(new Received(mail, rcpts, content, number));
            }
            forget();
            return say(reply);
        }

        private boolean endForEach(String content) throws IOException {
            List<String> takers = new ArrayList<>();
            for (String rcpt : List.copyOf(rcpts)) {
                String address = rcpt.substring(rcpt.indexOf('<') + 1, rcpt.indexOf('>'));
                String scripted = scripted("FOR " + address);
                String reply = scripted == null ? "250 2.1.5 taken" : scripted;
                if (reply.startsWith("2")) {
                    takers.add(rcpt);
                }
                if (!say(reply)) {
                    received.add(new Received(mail, takers, content, number));
                    return false;
                }
            }
            received.add(new Received(mail, takers, content, number));
            forget();
            return true;
        }

        private boolean startTls(String line) throws IOException {
            boolean goesOn = reply(line, "220 2.0.0 go on");
            secure();
            forget();
            return goesOn;
        }

        private void secure() throws IOException {
            connection =
                    connection.secure(new TlsSettings.Server(context(), false), Deadline.NEVER);
            reader.switchTo(connection);
        }

        private void forget() {
            mail = "";
            rcpts.clear();
            chunks.reset();
        }

        private String ehlo() {
            var reply = new StringBuilder("250");
            List<String> lines = new ArrayList<>(List.of("peer.example"));
            lines.addAll(extensions);
            if (connection.tls().isPresent()) {
                lines.remove("STARTTLS");
            }
            for (int i = 0; i < lines.size(); i++) {
                reply.append(i == 0 ? "" : "\r\n250");
                reply.append(i == lines.size() - 1 ? ' ' : '-').append(lines.get(i));
            }
            return reply.toString();
        }

        private boolean reply(String line, String otherwise) throws IOException {
            String scripted = scripted(line);
            return say(scripted == null ? otherwise : scripted);
        }

        /** False when nothing more is to be said. */
        private boolean say(String reply) throws IOException {
            if (reply.equals(CLOSE)) {
                return false;
            }
            if (reply.equals(SILENCE)) {
                while (!line().isEmpty()) {
                    // listens for ever
                }
                return false;
            }
            byte[] octets = (reply + "\r\n").getBytes(StandardCharsets.UTF_8);
            connection.write(octets, 0, octets.length, Deadline.NEVER);
            return !reply.startsWith(CLOSING);
        }

        private String line() throws IOException {
            boolean unused = reader.readLine(LINE_OCTETS_MAX, Deadline.NEVER);
            return new String(
                    reader.buffer(),
                    reader.lineFrom(),
                    reader.lineTo() - reader.lineFrom(),
                    StandardCharsets.UTF_8);
        }

        private static String verb(String line) {
            int space = line.indexOf(' ');
            return (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        }
    }
}

package org.posthouse.interop;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A next hop that says what its {@link HostScript} says, and notes what it hears and takes. */
final class ScriptedHost implements AutoCloseable {
    private static final int CONTENT_OCTETS_MAX = 32 << 20;

    private final String address;
    private final HostScript script;
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<Contact> contacts = new ConcurrentLinkedQueue<>();
    private volatile ServerSocket listening;

    ScriptedHost(String address, HostScript script) throws IOException {
        this.address = address;
        this.script = script;
        listening = new ServerSocket();
    }

    /** A message with its whole content, and what was said to it. */
    record Taken(
            String mail, List<String> rcpts, String content, int reply, long atNanos, int number) {
        boolean isAccepted() {
            return reply / 100 == 2 && !rcpts.isEmpty();
        }

        /** The addresses of RCPT. */
        List<String> recipients() {
            return rcpts.stream().map(ScriptedHost::path).toList();
        }
    }

    /** The beginning of a connection. */
    record Contact(String address, long atNanos) {}

    /** Begins to listen; false when somebody else does. */
    boolean listen(int port) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), 128);
            listening = socket;
            Thread.ofPlatform().daemon().start(() -> accept(socket));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String address() {
        return address;
    }

    /** Command lines in the order of their arrival, on whatever connection. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    /** Messages that came whole. */
    List<Taken> taken() {
        return List.copyOf(taken);
    }

    /** When connections began. */
    List<Contact> contacts() {
        return List.copyOf(contacts);
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                contacts.add(new Contact(address, System.nanoTime()));
                open.add(client);
                int number = connections.incrementAndGet();
                Thread.ofPlatform().daemon().start(() -> serve(client, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client, int number) {
        try (client) {
            new Visit(client, number).run();
        } catch (IOException e) {
            heard.add("(" + e.getMessage() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String path(String line) {
        int from = line.indexOf('<');
        int to = line.indexOf('>');
        return from < 0 || to < from ? line : line.substring(from + 1, to);
    }

    /** One connection. */
    private final class Visit {
        private final Socket client;
        private final int number;
        private final List<String> rcpts = new ArrayList<>();
        private final StringBuilder content = new StringBuilder();
        private InputStream in;
        private OutputStream out;
        private String mail = "";
        private int last;

        Visit(Socket client, int number) throws IOException {
            this.client = client;
            this.number = number;
            client.setTcpNoDelay(true);
            in = new BufferedInputStream(client.getInputStream(), 64 * 1024);
            out = client.getOutputStream();
        }

        void run() throws IOException, InterruptedException {
            say("CONNECT");
            for (String line = line(); !client.isClosed() && !line.isEmpty(); line = line()) {
                String command = line.stripTrailing();
                heard.add(command);
                obey(command);
            }
        }

        private void obey(String command) throws IOException, InterruptedException {
            String verb = command.length() < 4 ? "" : command.substring(0, 4);
            switch (verb.toUpperCase(Locale.ROOT)) {
                case "BDAT" -> chunk(command);
                case "DATA" -> data(command);
                case "MAIL" -> {
                    forget();
                    mail = command;
                    say(command);
                }
                case "RCPT" -> {
                    say(command);
                    if (isPositive()) {
                        rcpts.add(command);
                    }
                }
                case "RSET", "EHLO" -> {
                    forget();
                    say(command);
                }
                default -> say(command);
            }
        }

        private void forget() {
            mail = "";
            rcpts.clear();
            content.setLength(0);
        }

        private boolean isPositive() {
            return last / 100 == 2;
        }

        private void data(String command) throws IOException, InterruptedException {
            boolean refuses = rcpts.isEmpty() && script.replyAt(command).equals(HostScript.OK);
            if (refuses) {
                act("503 5.5.1 no recipients", command);
                return;
            }
            say(command);
            if (last == 354) {
                text();
                end();
            }
        }

        /** Content behind BDAT; the octets of a chunk that is refused without LAST still come. */
        private void chunk(String command) throws IOException, InterruptedException {
            String reply = script.replyAt(command);
            String[] words = command.split(" ");
            if (reply.contains("{unread}")) {
                act(reply.replace("{unread}", ""), command);
                return;
            }
            byte[] octets = in.readNBytes(Integer.parseInt(words[1]));
            content.append(new String(octets, StandardCharsets.ISO_8859_1));
            if (!reply.equals(HostScript.OK)) {
                act(reply, command);
            } else if (rcpts.isEmpty()) {
                act("503 5.5.1 no recipients", command);
            } else if (words.length > 2) {
                end();
            } else {
                act("250 2.0.0 go on", command);
            }
        }

        private void end() throws IOException, InterruptedException {
            String text = content.toString();
            var came = new Taken(mail, List.copyOf(rcpts), text, 0, System.nanoTime(), number);
            last = 0;
            // what is noted first can't be missed by who hears the reply
            String reply = script.replyAt("END");
            int code = codeOf(reply);
            taken.add(new Taken(came.mail, came.rcpts, text, code, came.atNanos, number));
            act(reply, "END");
            forget();
        }

        private void say(String moment) throws IOException, InterruptedException {
            act(script.replyAt(moment), moment);
        }

        /** Says a reply, part by part. */
        private void act(String reply, String moment) throws IOException, InterruptedException {
            last = codeOf(reply.replace(HostScript.OK, HostScript.polite(moment)));
            int from = 0;
            while (from < reply.length() && !client.isClosed()) {
                int brace = reply.indexOf('{', from);
                int end = brace < 0 ? reply.length() : brace;
                if (end > from) {
                    write(reply.substring(from, end));
                }
                if (brace < 0) {
                    return;
                }
                int close = reply.indexOf('}', brace);
                act(reply.substring(brace + 1, close).split(" ", 2), moment);
                from = close + 1;
            }
        }

        /**
         * The actions: {@code ok} the polite reply; {@code close} the connection; {@code reset} it;
         * {@code silent} for ever; {@code wait MILLIS}; {@code read OCTETS} of what comes; {@code
         * drop} what came in one write with the command; {@code limit COUNT}: 421 to connections
         * beyond it; {@code endless LINE}: until the client is gone; {@code fill COUNT CHARACTER};
         * {@code drip TEXT}: an octet each 100 ms; {@code tls}: a handshake.
         */
        private void act(String[] action, String moment) throws IOException, InterruptedException {
            switch (action[0]) {
                case "ok" -> act(HostScript.polite(moment), moment);
                case "close" -> client.close();
                case "reset" -> {
                    client.setSoLinger(true, 0);
                    client.close();
                }
                case "silent" -> in.skip(Long.MAX_VALUE);
                case "drop" -> in.skipNBytes(in.available());
                case "limit" -> {
                    if (open.size() > Integer.parseInt(action[1])) {
                        write("421 4.7.0 too many connections");
                        client.close();
                    }
                }
                case "wait" -> Thread.sleep(Integer.parseInt(action[1]));
                case "read" -> in.readNBytes(Integer.parseInt(action[1]));
                case "endless" -> {
                    while (!client.isClosed()) {
                        write(repeated(action[1]));
                    }
                }
                case "fill" -> write(filled(action[1]));
                case "drip" -> {
                    for (char c : (action[1] + "\r\n").toCharArray()) {
                        out.write(c);
                        Thread.sleep(100);
                    }
                }
                case "tls" -> {
                    Socket secured = TlsPeer.secure(client);
                    in = new BufferedInputStream(secured.getInputStream(), 64 * 1024);
                    out = secured.getOutputStream();
                }
                default -> throw new IllegalArgumentException("no such action: " + action[0]);
            }
        }

        private static String repeated(String text) {
            boolean open = text.endsWith("+");
            String line = open ? text.substring(0, text.length() - 1) : text + "\r\n";
            return line.repeat(1 + 4000 / line.length()) + "+";
        }

        private static String filled(String countAndCharacter) {
            String[] words = countAndCharacter.split(" ");
            return words[1].repeat(Integer.parseInt(words[0])) + "+";
        }

        private void write(String text) throws IOException {
            boolean open = text.endsWith("+");
            String line = open ? text.substring(0, text.length() - 1) : text + "\r\n";
            out.write(line.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        private static int codeOf(String reply) {
            String said =
                    reply.replace(HostScript.OK, "250")
                            .replaceAll("\\{[^}]*}", "")
                            .replace("+", "");
            String digits = said.length() < 3 ? "" : said.substring(0, 3);
            return digits.matches("[0-9]{3}") ? Integer.parseInt(digits) : 0;
        }

        /** A line with its end; empty at the end of the stream. */
        private String line() throws IOException {
            var line = new ByteArrayOutputStream();
            if (client.isClosed()) {
                return "";
            }
            for (int c = in.read(); c >= 0; c = in.read()) {
                line.write(c);
                if (c == '\n') {
                    break;
                }
            }
            return line.toString(StandardCharsets.UTF_8);
        }

        /** The content up to the lone dot, dots unstuffed. */
        private void text() throws IOException {
            var line = new ByteArrayOutputStream();
            for (int c = in.read(); c >= 0; c = in.read()) {
                line.write(c);
                if (c == '\n') {
                    String text = line.toString(StandardCharsets.ISO_8859_1);
                    if (text.equals(".\r\n")) {
                        return;
                    }
                    content.append(text.startsWith(".") ? text.substring(1) : text);
                    line.reset();
                }
                if (content.length() > CONTENT_OCTETS_MAX) {
                    break;
                }
            }
            throw new IOException("the content was cut off");
        }
    }
}

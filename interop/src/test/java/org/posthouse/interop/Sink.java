package org.posthouse.interop;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A next hop that keeps what it gets and answers as told; plain RFC 5321, one command at a time.
 */
final class Sink implements AutoCloseable {
    private final ServerSocket socket;
    private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** The reply to a command line; empty for the usual one. */
    private final Function<String, String> script;

    /** A message that was taken. */
    record Taken(String reversePath, List<String> recipients, String content) {}

    private Sink(ServerSocket socket, Function<String, String> script) {
        this.socket = socket;
        this.script = script;
    }

    /** Takes everything. */
    static Sink listen(String address, int port) {
        return listen(address, port, line -> "");
    }

    static Sink listen(String address, int port, Function<String, String> script) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(InetAddress.getByName(address), port), 1024);
            var sink = new Sink(socket, script);
            Thread.ofPlatform().daemon().name("sink").start(sink::accept);
            return sink;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    List<Taken> taken() {
        return List.copyOf(taken);
    }

    int connections() {
        return connections.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var in = new BufferedInputStream(client.getInputStream(), 64 * 1024);
                OutputStream out = client.getOutputStream()) {
            client.setTcpNoDelay(true);
            String greeting = script.apply("CONNECT");
            say(out, greeting.isEmpty() ? "220 sink.example ESMTP" : greeting);
            converse(in, out);
        } catch (IOException e) {
            // the client is gone, as a test that kills it wants
        }
    }

    private void converse(InputStream in, OutputStream out) throws IOException {
        String reversePath = "";
        var recipients = new ArrayList<String>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String verb = line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT);
            String told = script.apply(line);
            if (!told.isEmpty() && !verb.equals("DATA")) {
                say(out, told);
                continue;
            }
            switch (verb) {
                case "EHLO" ->
                        say(
                                out,
                                "250-sink.example\r\n"
                                        + "250-PIPELINING\r\n"
                                        + "250-8BITMIME\r\n"
                                        + "250 ENHANCEDSTATUSCODES");
                case "MAIL" -> {
                    reversePath = path(line);
                    recipients.clear();
                    say(out, "250 2.1.0 ok");
                }
                case "RCPT" -> {
                    recipients.add(path(line));
                    say(out, "250 2.1.5 ok");
                }
                case "DATA" -> {
                    say(out, recipients.isEmpty() ? "503 5.5.1 no recipients" : "354 go on");
                    if (!recipients.isEmpty()) {
                        var message = new Taken(reversePath, List.copyOf(recipients), content(in));
                        if (told.isEmpty()) {
                            taken.add(message);
                        }
                        say(out, told.isEmpty() ? "250 2.0.0 taken" : told);
                    }
                }
                case "QUIT" -> {
                    say(out, "221 2.0.0 bye");
                    return;
                }
                default -> say(out, "250 2.0.0 ok");
            }
        }
    }

    private static String path(String line) {
        return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    }

    private static void say(OutputStream out, String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** A line without its end; empty at the end of the stream. */
    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString(StandardCharsets.UTF_8).stripTrailing() + " ";
            }
            line.write(c);
        }
        return "";
    }

    /** The content up to the lone dot, dots unstuffed. */
    private static String content(InputStream in) throws IOException {
        var content = new StringBuilder();
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.write(c);
            if (c == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                if (text.equals(".\r\n")) {
                    return content.toString();
                }
                content.append(text.startsWith(".") ? text.substring(1) : text);
                line.reset();
            }
        }
        throw new IOException("the content was cut off");
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

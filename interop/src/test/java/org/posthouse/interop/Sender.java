package org.posthouse.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of one connection that knows exactly what was acknowledged. */
final class Sender implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(20).toMillis();
    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private Sender(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));
        out = socket.getOutputStream();
    }

    static Sender connect(int port) throws IOException {
        var sender = new Sender(new Socket("127.0.0.1", port));
        sender.reply();
        sender.command("EHLO client.example");
        return sender;
    }

    /**
     * Sends one message; the reply to its content, or the first refusal.
     *
     * @throws IOException when the connection broke before the reply
     */
    String send(String from, String to, String content) throws IOException {
        String reply = command("MAIL FROM:<" + from + ">");
        reply = reply.startsWith("250") ? command("RCPT TO:<" + to + ">") : reply;
        reply = reply.startsWith("250") ? command("DATA") : reply;
        if (!reply.startsWith("354")) {
            command("RSET");
            return reply;
        }
        return command(content.replace("\r\n.", "\r\n..") + ".");
    }

    /** A line and its reply, the last line of it. */
    String command(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return reply();
    }

    private String reply() throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.length() < 4 || line.charAt(3) != '-') {
                return line;
            }
        }
        throw new IOException("the server closed the connection");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

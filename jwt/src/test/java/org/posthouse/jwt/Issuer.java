package org.posthouse.jwt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server that gives everyone the same answer. */
final class Issuer implements AutoCloseable {
    private final ServerSocket listening;
    private final String answer;
    private final AtomicInteger asked = new AtomicInteger();

    private Issuer(ServerSocket listening, String answer) {
        this.listening = listening;
        this.answer = answer;
    }

    static Issuer answering(String status, String body) throws IOException {
        var issuer =
                new Issuer(
                        new ServerSocket(0, 10, InetAddress.getLoopbackAddress()),
                        "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                                .formatted(status, body.length(), body));
        Thread.ofVirtual().start(issuer::serve);
        return issuer;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/keys");
    }

    /** How many requests there were. */
    int asked() {
        return asked.get();
    }

    private void serve() {
        while (!listening.isClosed()) {
            try (Socket client = listening.accept();
                    var lines =
                            new BufferedReader(
                                    new InputStreamReader(
                                            client.getInputStream(), StandardCharsets.US_ASCII))) {
                String line = lines.readLine();
                while (line != null && !line.isEmpty()) {
                    line = lines.readLine();
                }
                asked.incrementAndGet();
                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // A client that goes, or the end.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}

package org.posthouse.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that send messages of 4 KiB one after the other, many over each connection. */
final class BusyClients {
    private static final int MESSAGES_OF_A_CONNECTION = 5000;
    private static final String LINE = "x".repeat(62) + "\r\n";
    private static final byte[] ENVELOPE =
            "MAIL FROM:<a@client.example>\r\nRCPT TO:<ada@local.example>\r\nDATA\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT =
            ("Subject: load\r\n\r\n" + LINE.repeat(63) + ".\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong messages = new AtomicLong();
    private final AtomicInteger failures = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ends;

    BusyClients(InetSocketAddress server, int count) {
        for (int i = 0; i < count; i++) {
            threads.add(Thread.startVirtualThread(() -> work(server)));
        }
    }

    private void work(InetSocketAddress server) {
        try {
            while (!ends) {
                send(server);
            }
        } catch (IOException e) {
            failures.incrementAndGet();
        }
    }

    private void send(InetSocketAddress server) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(server);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            reply(in, "220");
            out.write("EHLO c\r\n".getBytes(StandardCharsets.US_ASCII));
            reply(in, "250");
            for (int i = 0; i < MESSAGES_OF_A_CONNECTION && !ends; i++) {
                out.write(ENVELOPE);
                reply(in, "250");
                reply(in, "250");
                reply(in, "354");
                out.write(CONTENT);
                reply(in, "250");
                messages.incrementAndGet();
            }
        }
    }

    private static void reply(InputStream in, String code) throws IOException {
        String line;
        do {
            line = line(in);
        } while (line.startsWith("-", 3));
        if (!line.startsWith(code)) {
            throw new IOException("said " + line + ", not " + code);
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        int octet = in.read();
        while (octet != '\n') {
            if (octet < 0) {
                throw new IOException("closed");
            }
            line.append((char) octet);
            octet = in.read();
        }
        return line.toString();
    }

    /** Messages a second over so many seconds. */
    double rate(int seconds) throws InterruptedException {
        long before = messages.get();
        long begin = System.nanoTime();
        Thread.sleep(seconds * 1000L);
        return (messages.get() - before) * 1e9 / (System.nanoTime() - begin);
    }

    int failures() {
        return failures.get();
    }

    void end() throws InterruptedException {
        ends = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}

package org.posthouse.simulation;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/** A client that sends messages over one connection and keeps the ids of those that got 250. */
final class SimSender {
    private final SimPlatform world;
    private final Set<String> acknowledged;

    SimSender(SimPlatform world, Set<String> acknowledged) {
        this.world = world;
        this.acknowledged = acknowledged;
    }

    /**
     * Sends messages named {@code PREFIX-0}, {@code PREFIX-1} and so on, until something breaks.
     */
    void send(InetSocketAddress to, String prefix, int count, String recipient) {
        try (Connection connection = world.network().connect(to, Network.ANY_SOURCE, soon())) {
            var reader = new WireReader(connection);
            var writer = new WireWriter(connection);
            reply(reader);
            ask(reader, writer, "EHLO client.example");
            for (int i = 0; i < count; i++) {
                sendOne(reader, writer, prefix + "-" + i, recipient, 200 + i * 700);
            }
            ask(reader, writer, "QUIT");
        } catch (IOException e) {
            // what got no 250 is not ours to count
        }
    }

    private void sendOne(
            WireReader reader, WireWriter writer, String id, String recipient, int size)
            throws IOException {
        ask(reader, writer, "MAIL FROM:<app@shop.example>");
        ask(reader, writer, "RCPT TO:<" + recipient + ">");
        ask(reader, writer, "DATA");
        writer.text("Subject: test\r\nX-Id: " + id + "\r\n\r\n");
        String line = "0123456789".repeat(7) + "\r\n";
        for (int written = 0; written < size; written += line.length()) {
            writer.text(line);
        }
        String last = ask(reader, writer, ".");
        if (last.startsWith("250")) {
            acknowledged.add(id);
        }
    }

    private String ask(WireReader reader, WireWriter writer, String command) throws IOException {
        writer.text(command + "\r\n");
        writer.flush(soon());
        return reply(reader);
    }

    private String reply(WireReader reader) throws IOException {
        while (true) {
            if (!reader.readLine(2048, soon())) {
                throw new IOException("a line that is too long");
            }
            int from = reader.lineFrom();
            String line =
                    new String(
                            reader.buffer(),
                            from,
                            reader.lineTo() - from,
                            StandardCharsets.US_ASCII);
            if (line.length() < 4 || line.charAt(3) != '-') {
                return line;
            }
        }
    }

    private Deadline soon() {
        return world.time().after(Duration.ofHours(1));
    }
}

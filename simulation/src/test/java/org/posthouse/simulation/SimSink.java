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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A next hop that keeps the X-Id field of what it took, in a map that outlives the world it runs
 * in. With a fault rate it refuses recipients for now, closes instead of answering the content, or
 * refuses the content for now, by the seed.
 */
final class SimSink {
    private static final int LINE_MAX = 4096;

    private final SimPlatform world;
    private final Map<String, Integer> taken;
    private final Random faults;
    private final int faultPercent;
    private final List<String> violations = new ArrayList<>();

    /** Replies of 250 to the content that got lost: each allows one more copy. */
    int unanswered;

    SimSink(SimPlatform world, Map<String, Integer> taken, long seed, int faultPercent) {
        this.world = world;
        this.taken = taken;
        this.faults = new Random(seed);
        this.faultPercent = faultPercent;
    }

    static Map<String, Integer> noneTaken() {
        return new TreeMap<>();
    }

    /** Listens at the address until the world ends. */
    Network.Listening listen(InetSocketAddress address) throws IOException {
        Network.Listening listening = world.network().listen(address, 100);
        world.threads().start("sink", () -> acceptAll(listening));
        return listening;
    }

    List<String> violations() {
        return violations;
    }

    private void acceptAll(Network.Listening listening) {
        while (!listening.isClosed()) {
            try {
                Connection connection = listening.accept();
                world.threads().start("sink-session", () -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Connection connection) {
        try (connection) {
            var reader = new WireReader(connection);
            var writer = new WireWriter(connection);
            writer.text("220 sink ESMTP\r\n");
            while (true) {
                if (reader.buffered() == 0) {
                    writer.flush(soon());
                }
                String line = line(reader);
                if (!answer(line, reader, writer)) {
                    writer.flush(soon());
                    return;
                }
            }
        } catch (IOException e) {
            // the other end is gone
        }
    }

    /** False to end the connection. */
    private boolean answer(String line, WireReader reader, WireWriter writer) throws IOException {
        String verb = line.length() < 4 ? line : line.substring(0, 4).toUpperCase();
        switch (verb) {
            case "EHLO" -> writer.text("250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n");
            case "HELO", "MAIL", "RSET", "NOOP" -> writer.text("250 ok\r\n");
            case "RCPT" -> writer.text(fault() ? "450 4.2.0 not now\r\n" : "250 ok\r\n");
            case "DATA" -> {
                return data(reader, writer);
            }
            case "QUIT" -> {
                writer.text("221 bye\r\n");
                return false;
            }
            default -> writer.text("500 what\r\n");
        }
        return true;
    }

    private boolean data(WireReader reader, WireWriter writer) throws IOException {
        writer.text("354 go\r\n");
        writer.flush(soon());
        String id = "";
        String line = line(reader);
        boolean any = false;
        while (!line.equals(".")) {
            any = true;
            if (line.startsWith("X-Id: ")) {
                id = line.substring(6);
            }
            line = line(reader);
        }
        if (!any) {
            writer.text("554 nobody\r\n");
            return true;
        }
        if (fault()) {
            writer.text("451 4.3.0 not now\r\n");
            return true;
        }
        if (id.isEmpty()) {
            violations.add("content without its id");
        }
        taken.merge(id, 1, Integer::sum);
        if (fault()) {
            unanswered++;
            return false;
        }
        writer.text("250 2.0.0 taken\r\n");
        return true;
    }

    private boolean fault() {
        return faultPercent > 0 && faults.nextInt(100) < faultPercent;
    }

    private String line(WireReader reader) throws IOException {
        if (!reader.readLine(LINE_MAX, soon())) {
            throw new IOException("a line that is too long");
        }
        int from = reader.lineFrom();
        return new String(reader.buffer(), from, reader.lineTo() - from, StandardCharsets.US_ASCII);
    }

    private Deadline soon() {
        return world.time().after(Duration.ofHours(1));
    }
}

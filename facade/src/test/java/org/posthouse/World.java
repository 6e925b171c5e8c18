package org.posthouse;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Network;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;
import org.posthouse.sim.Transcript;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A simulated world with an engine, clients that play dialogues, and next hops that take mail. */
final class World {
    static final InetSocketAddress HERE = SimNetwork.socket("192.0.2.1", 25);
    static final Path DATA = Path.of("/data");

    final SimPlatform sim;

    /** What next hops took: reverse-path, recipients and content, as they came over the wire. */
    final List<String> taken = new ArrayList<>();

    World() {
        this(1);
    }

    World(long seed) {
        sim = new SimPlatform(seed);
    }

    /** An engine for shop.example that listens HERE. */
    PosthouseBuilder builder() {
        return Posthouse.builder()
                .platform(sim)
                .data(DATA)
                .hostname("mail.shop.example")
                .local("shop.example")
                .listen(HERE, listener -> listener.name("public"));
    }

    /** Starts an engine, runs the body, closes the engine, and looks that nothing is left open. */
    void with(PosthouseBuilder builder, Consumer<Posthouse> body) {
        sim.run(
                () -> {
                    try (Posthouse mail = builder.start()) {
                        body.accept(mail);
                    }
                });
        sim.assertQuiet();
    }

    /** Passes this time, or less where the thread is interrupted. */
    void sleep(Duration time) {
        try {
            sim.time().sleep(time);
        } catch (InterruptedException e) {
            // its time is over
        }
    }

    /** Plays a dialogue as a client at an address. */
    void play(String from, String dialogue) {
        play(from, HERE, dialogue);
    }

    void play(String from, InetSocketAddress to, String dialogue) {
        try (Connection connection =
                sim.network()
                        .connect(
                                to,
                                SimNetwork.address(from),
                                sim.time().after(Duration.ofMinutes(1)))) {
            Transcript.parse("dialogue", dialogue).playClient(sim.time(), connection);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A client that is no one special sends a message; the last reply must start so. */
    void send(String client, String recipient, String rcptReply, String dataReply) {
        send(client, new String[] {"app@client.example", recipient}, rcptReply, dataReply);
    }

    /** The same with its two addresses. */
    void send(String client, String[] fromAndTo, String rcptReply, String dataReply) {
        String head =
                """
                S: 220 *
                C: HELO client.example
                S: 250 *
                C: MAIL FROM:<%s>
                S: 250 *
                C: RCPT TO:<%s>
                S: %s
                """
                        .formatted(fromAndTo[0], fromAndTo[1], rcptReply);
        String tail =
                """
                C: DATA
                S: 354 *
                C: Subject: hello
                C:
                C: text
                C: .
                S: %s
                C: QUIT
                S: 221 *
                """
                        .formatted(dataReply);
        play(client, rcptReply.startsWith("250") ? head + tail : head + "C: QUIT\nS: 221 *\n");
    }

    /** A next hop that takes everything, or answers RCPT with this reply. */
    Network.Listening hop(String address, String rcptReply) {
        try {
            Network.Listening listening = sim.network().listen(SimNetwork.socket(address, 25), 10);
            sim.threads().start("hop", () -> acceptAll(listening, rcptReply));
            return listening;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void acceptAll(Network.Listening listening, String rcptReply) {
        while (!listening.isClosed()) {
            try {
                Connection connection = listening.accept();
                sim.threads().start("hop-session", () -> take(connection, rcptReply));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void take(Connection connection, String rcptReply) {
        try (connection) {
            var reader = new WireReader(connection);
            var writer = new WireWriter(connection);
            writer.text("220 hop ESMTP\r\n");
            var message = new StringBuilder();
            boolean content = false;
            while (true) {
                writer.flush(sim.time().after(Duration.ofMinutes(5)));
                reader.readLine(2048, sim.time().after(Duration.ofHours(1)));
                String line =
                        new String(
                                reader.buffer(),
                                reader.lineFrom(),
                                reader.lineTo() - reader.lineFrom(),
                                StandardCharsets.UTF_8);
                if (content && !line.equals(".")) {
                    message.append(line).append('\n');
                } else if (content) {
                    content = false;
                    taken.add(message.toString());
                    message.setLength(0);
                    writer.text("250 2.0.0 taken\r\n");
                } else if (line.startsWith("MAIL") || line.startsWith("RCPT")) {
                    message.append(line).append('\n');
                    writer.text((line.startsWith("RCPT") ? rcptReply : "250 ok") + "\r\n");
                } else if (line.startsWith("DATA")) {
                    content = rcptReply.startsWith("250");
                    writer.text(content ? "354 go\r\n" : "554 nobody\r\n");
                } else {
                    writer.text("250 ok\r\n");
                    message.setLength(0);
                }
            }
        } catch (IOException e) {
            // gone
        }
    }

    /** The files in a local address's new folder, as text. */
    List<String> stored(String domain, String localPart) {
        try {
            Path folder = DATA.resolve("mail").resolve(domain).resolve(localPart).resolve("new");
            var mails = new ArrayList<String>();
            if (sim.disk().exists(folder)) {
                for (String name : sim.disk().list(folder)) {
                    byte[] octets = sim.disk().contents(folder.resolve(name));
                    mails.add(new String(octets, StandardCharsets.UTF_8));
                }
            }
            return mails;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

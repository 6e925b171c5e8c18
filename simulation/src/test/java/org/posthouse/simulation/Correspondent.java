package org.posthouse.simulation;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A client that sends what an {@link Act.Send} says, all commands of a message at once or one after
 * the other, and writes down what it was told. Among its commands are some with replies of their
 * own, so that a reply in the wrong place is seen.
 */
final class Correspondent {
    private static final int LINE_MAX = 4096;
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final SimPlatform world;
    private final Ledger ledger;
    private final int life;
    private final Act.Send act;
    private final Random chance;
    private WireReader reader;
    private WireWriter writer;

    Correspondent(SimPlatform world, Ledger ledger, int life, Act.Send act, int number) {
        this.world = world;
        this.ledger = ledger;
        this.life = life;
        this.act = act;
        this.chance = new Random(world.seed() * 31 + number);
    }

    /** Sends messages named {@code NAME-0}, {@code NAME-1} and so on, until something breaks. */
    void send(String name) {
        try (Connection connection =
                world.network().connect(Cast.HERE, SimNetwork.address(act.client()), soon())) {
            reader = new WireReader(connection);
            writer = new WireWriter(connection);
            reply();
            ask("EHLO client.example");
            for (int i = 0; i < act.count(); i++) {
                one(name + "-" + i);
            }
            ask("QUIT");
        } catch (IOException e) {
            // what got no reply is written down as that
        }
    }

    private void one(String id) throws IOException {
        List<Integer> replies = new ArrayList<>(Collections.nCopies(act.to().size(), 0));
        boolean accepted = chance.nextBoolean() ? envelopeAtOnce(replies) : envelope(replies);
        if (!accepted) {
            ledger.sent.add(new Ledger.Sent(id, life, act, replies, -1, ""));
            ask("RSET");
            return;
        }
        int index = ledger.sent.size(); // written down before, since the engine may die with it
        ledger.sent.add(new Ledger.Sent(id, life, act, replies, 0, ""));
        String reply = content(Sheet.of(id, act.octets()));
        int last = code(reply);
        String spoolId = last == 250 ? reply.substring(reply.lastIndexOf(' ') + 1) : "";
        ledger.sent.set(index, new Ledger.Sent(id, life, act, replies, last, spoolId));
    }

    private boolean envelope(List<Integer> replies) throws IOException {
        if (code(ask(mail())) != 250) {
            return false;
        }
        for (int i = 0; i < replies.size(); i++) {
            replies.set(i, code(ask(recipient(i))));
        }
        return replies.contains(250);
    }

    private boolean envelopeAtOnce(List<Integer> replies) throws IOException {
        writer.text(mail() + "\r\n");
        for (int i = 0; i < replies.size(); i++) {
            writer.text(recipient(i) + "\r\nXYZZY\r\n");
        }
        writer.text("VRFY <postmaster>\r\n");
        writer.flush(soon());
        boolean mail = code(reply()) == 250;
        for (int i = 0; i < replies.size(); i++) {
            replies.set(i, code(reply()));
            RepliesComeInOrder.check(ledger, "XYZZY", 500, reply());
        }
        RepliesComeInOrder.check(ledger, "VRFY", 252, reply());
        return mail && replies.contains(250);
    }

    private String content(String sheet) throws IOException {
        if (chance.nextInt(3) > 0) {
            String reply = ask("DATA");
            if (code(reply) != 354) {
                return reply;
            }
            write(Sheet.stuffed(sheet));
            writer.flush(soon());
            return reply();
        }
        int half = sheet.length() / 2;
        writer.text("BDAT " + half + "\r\n");
        write(sheet.substring(0, half));
        writer.text("BDAT " + (sheet.length() - half) + " LAST\r\n");
        write(sheet.substring(half));
        writer.flush(soon());
        String first = reply();
        String last = reply();
        return code(first) == 250 ? last : first;
    }

    private void write(String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        writer.octets(octets, 0, octets.length, soon());
    }

    private String mail() {
        return "MAIL FROM:<" + act.from() + ">";
    }

    private String recipient(int index) {
        String asked = act.notifyOn().isEmpty() ? "" : " NOTIFY=" + act.notifyOn();
        return "RCPT TO:<" + act.to().get(index) + ">" + asked;
    }

    private String ask(String command) throws IOException {
        writer.text(command + "\r\n");
        writer.flush(soon());
        return reply();
    }

    private String reply() throws IOException {
        while (true) {
            if (!reader.readLine(LINE_MAX, soon())) {
                throw new IOException("a line that is too long");
            }
            int from = reader.lineFrom();
            int length = reader.lineTo() - from;
            var line = new String(reader.buffer(), from, length, StandardCharsets.ISO_8859_1);
            if (line.length() < 4 || line.charAt(3) != '-') {
                return line;
            }
        }
    }

    private static int code(String reply) {
        return Integer.parseInt(reply.substring(0, 3));
    }

    private Deadline soon() {
        return world.time().after(PATIENCE);
    }
}

package org.posthouse.simulation;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.WireReader;
import org.posthouse.platform.WireWriter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One connection of an {@link Exchanger}. */
final class ExchangerSession {
    private static final int LINE_MAX = 4096;
    private static final Duration PATIENCE = Duration.ofHours(2);
    private static final Duration SLOWNESS = Duration.ofSeconds(7);

    private final Exchanger host;
    private final Ledger.Visit visit;
    private final WireReader reader;
    private final WireWriter writer;
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    private final List<String> recipients = new ArrayList<>();
    private String reversePath = "";
    private int replies;

    ExchangerSession(Exchanger host, Connection connection, Ledger.Visit visit) {
        this.host = host;
        this.visit = visit;
        reader = new WireReader(connection);
        writer = new WireWriter(connection);
    }

    void run() throws IOException {
        if (host.weather() == Weather.CLOSED) {
            say("421 4.3.2 closed");
            writer.flush(soon());
            return;
        }
        if (host.isCrowded()) {
            say("421 4.7.0 too many connections from you");
            writer.flush(soon());
            return;
        }
        say("220 " + host.address + " ESMTP");
        boolean goesOn = true;
        while (goesOn) {
            if (reader.buffered() == 0) {
                writer.flush(soon());
            }
            goesOn = answer(line());
        }
        writer.flush(soon());
    }

    /** False to end the connection. */
    private boolean answer(String line) throws IOException {
        be(host.weather());
        String verb = line.length() < 4 ? line : line.substring(0, 4);
        if (verb.equals("QUIT")) {
            visit.saidQuit = true;
            say("221 2.0.0 bye");
            return false;
        }
        if (!verb.equals("BDAT") && host.strikes(Weather.LEAVING) && ++replies % 3 == 0) {
            say("421 4.3.2 leaving");
            return false;
        }
        return switch (verb) {
            case "EHLO" -> hello();
            case "HELO", "NOOP" -> say("250 2.0.0 ok");
            case "RSET" -> {
                forget();
                yield say("250 2.0.0 reset");
            }
            case "MAIL" -> mail(line);
            case "RCPT" -> recipient(address(line));
            case "DATA" -> data();
            case "BDAT" -> chunk(line.split(" "));
            default -> say("500 5.5.1 what");
        };
    }

    private void be(Weather weather) throws IOException {
        if (weather == Weather.SLOW) {
            writer.flush(soon());
            host.world.advance(SLOWNESS);
        }
        if (weather == Weather.RESETTING && host.chance.nextInt(6) == 0) {
            host.reset();
            throw new IOException("reset");
        }
    }

    private boolean hello() throws IOException {
        if (host.offers.isEmpty()) {
            return say("502 5.5.1 never heard of it");
        }
        var text = new StringBuilder("250-" + host.address);
        for (int i = 0; i < host.offers.size(); i++) {
            text.append("\r\n250").append(i < host.offers.size() - 1 ? '-' : ' ');
            text.append(host.offers.get(i));
        }
        return say(text.toString());
    }

    private boolean mail(String line) throws IOException {
        forget();
        reversePath = address(line);
        return say("250 2.1.0 ok");
    }

    private boolean recipient(String address) throws IOException {
        if (Cast.isUnknown(address)) {
            return say("550 5.1.1 nobody");
        }
        if (Cast.isFull(address)) {
            return say("452 4.2.2 mailbox full");
        }
        if (Cast.isGreylisted(address) && host.isNew(address)) {
            return say("451 4.7.1 greylisted, try again in 400 seconds");
        }
        if (host.strikes(Weather.FULL)) {
            return say("450 4.2.1 not now");
        }
        recipients.add(address);
        return say("250 2.1.5 ok");
    }

    private boolean data() throws IOException {
        if (recipients.isEmpty()) {
            return say("503 5.5.1 no recipients");
        }
        say("354 go on");
        writer.flush(soon());
        var content = new StringBuilder();
        String line = line();
        while (!line.equals(".")) {
            content.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            line = line();
        }
        return end(content.toString());
    }

    private boolean chunk(String[] words) throws IOException {
        long left = Long.parseLong(words[1]);
        while (left > 0) {
            int count = (int) Math.min(left, reader.available(soon()));
            chunks.write(reader.buffer(), reader.position(), count);
            reader.consume(count);
            left -= count;
        }
        if (recipients.isEmpty()) {
            chunks.reset();
            return say("503 5.5.1 no recipients");
        }
        return words.length > 2
                ? end(chunks.toString(StandardCharsets.ISO_8859_1))
                : say("250 2.0.0 ok");
    }

    private boolean end(String content) throws IOException {
        if (host.strikes(Weather.TIRED)) {
            forget();
            return say("451 4.3.0 not now");
        }
        visit.messages++;
        host.ledger.taken.add(
                new Ledger.Taken(
                        visit, host.world.time().nanos(), reversePath, recipients, content));
        forget();
        if (host.strikes(Weather.RUDE)) {
            visit.wasBroken = true;
            return false;
        }
        return say("250 2.0.0 taken");
    }

    private void forget() {
        reversePath = "";
        recipients.clear();
        chunks.reset();
    }

    private boolean say(String reply) throws IOException {
        writer.text(reply + "\r\n");
        return true;
    }

    private static String address(String line) {
        return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    }

    private String line() throws IOException {
        if (!reader.readLine(LINE_MAX, soon())) {
            throw new IOException("a line that is too long");
        }
        int from = reader.lineFrom();
        return new String(
                reader.buffer(), from, reader.lineTo() - from, StandardCharsets.ISO_8859_1);
    }

    private Deadline soon() {
        return host.world.time().after(PATIENCE);
    }
}

package org.posthouse.daemon;

import org.posthouse.core.ContentSink;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Notify;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Platform;
import org.posthouse.sim.SimPlatform;
import org.posthouse.spool.AcceptResult;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Progress;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolLog;
import org.posthouse.spool.SpoolSettings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A spool with three messages, made in a simulated world and so always the same. */
final class SpoolFolder {
    static final SpoolSettings SMALL =
            new SpoolSettings(512 << 10, 64 << 10, 64 << 10, 1 << 20, 8 << 10, 2, 1, 1 << 20);

    private static final Path IN_SIMULATION = Path.of("/spool");
    private static final Deadline NOW = new Deadline(Long.MIN_VALUE / 2);
    private static final byte[] PREFIX =
            "Received: from client.example\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What was accepted, in order. */
    final List<SpoolId> ids = new ArrayList<>();

    final Path directory;

    private SpoolFolder(Path directory) {
        this.directory = directory;
    }

    /**
     * Two messages with content in the log, the first of them deferred and in part delivered; a
     * third that is done; and a large one.
     */
    static SpoolFolder make(Path directory) throws Exception {
        var folder = new SpoolFolder(directory);
        var platform = new SimPlatform(1);
        platform.run(
                () -> {
                    Spool spool = SpoolLog.open(platform, IN_SIMULATION, SMALL);
                    folder.fill(spool, platform);
                    spool.close();
                });
        Files.createDirectories(directory);
        for (String name : platform.disk().list(IN_SIMULATION)) {
            Files.write(
                    directory.resolve(name), platform.disk().contents(IN_SIMULATION.resolve(name)));
        }
        return folder;
    }

    private void fill(Spool spool, Platform platform) throws Exception {
        ids.add(accept(spool, 100, "ada@x.example", "bob@x.example", "c@y.example"));
        platform.time().sleep(Duration.ofSeconds(1));
        ids.add(accept(spool, 150_000, "ada@x.example"));
        ids.add(accept(spool, 10, "gone@z.example"));
        ids.add(accept(spool, 400_000, "ada@x.example"));
        List<QueuedDelivery> taken = spool.take(100, NOW);
        Progress later = Progress.fresh(Instant.parse("2199-01-01T00:00:00Z")).held(true);
        settle(spool, taken.get(0), List.of(1), later);
        settle(spool, taken.get(1), List.of(), later);
        settle(spool, taken.get(3), List.of(), later);
        ids.remove(2);
        ids.add(accept(spool, 20, "last@x.example"));
    }

    private static void settle(
            Spool spool, QueuedDelivery delivery, List<Integer> open, Progress progress) {
        spool.settle(
                List.of(
                        new Settlement(
                                delivery.id(), delivery.epoch(), open, progress, List.of())));
    }

    /** Accepts a message with so many octets of content, not counting what goes before it. */
    static SpoolId accept(Spool spool, int octets, String... recipients) {
        List<Recipient> all = new ArrayList<>();
        List<Disposition> dispositions = new ArrayList<>();
        for (String address : recipients) {
            all.add(
                    new Recipient(
                            Mailbox.parse(address),
                            new Notify(true, false, true, false),
                            "rfc822;" + address));
            dispositions.add(new Disposition.Relayed("people", ""));
        }
        ContentSink sink = spool.openContent();
        byte[] content = content(octets);
        sink.write(content, 0, content.length);
        AcceptResult result =
                spool.accept(
                        new Acceptance(
                                "",
                                new Origin(
                                        "public", "192.0.2.1", "client.example", "ann", "ESMTPA"),
                                new Envelope(
                                        Mailbox.parse("app@shop.example"), MailOptions.NONE, all),
                                dispositions,
                                PREFIX,
                                sink,
                                Instant.EPOCH));
        return ((AcceptResult.Accepted) result).id();
    }

    /** Lines that differ, so that each place is found. */
    static byte[] content(int octets) {
        var text = new StringBuilder();
        for (int line = 0; text.length() < octets; line++) {
            text.append("line ").append(line).append("\r\n");
        }
        return text.substring(0, octets).getBytes(StandardCharsets.US_ASCII);
    }

    /** A whole message. */
    static byte[] message(int octets) {
        byte[] content = content(octets);
        byte[] whole = new byte[PREFIX.length + octets];
        System.arraycopy(PREFIX, 0, whole, 0, PREFIX.length);
        System.arraycopy(content, 0, whole, PREFIX.length, octets);
        return whole;
    }

    /** Turns a bit of a file. */
    void flip(String file, long position) throws IOException {
        Path path = directory.resolve(file);
        byte[] octets = Files.readAllBytes(path);
        octets[(int) position] ^= 4;
        Files.write(path, octets);
    }
}

package org.posthouse.spool;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Outcome;
import org.posthouse.core.Recipient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Messages for tests. */
final class Samples {
    static final Disposition RELAYED = new Disposition.Relayed("rule", "");
    static final Origin ORIGIN = new Origin("smtp", "192.0.2.1", "client.example", "ada", "ESMTPA");

    private Samples() {}

    static byte[] octets(long seed, int length) {
        var octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    static Envelope envelope(String... recipients) {
        return new Envelope(
                new Mailbox("sender", "client.example"),
                MailOptions.NONE,
                Arrays.stream(recipients).map(Samples::recipient).toList());
    }

    private static Recipient recipient(String address) {
        int at = address.lastIndexOf('@');
        return Recipient.of(new Mailbox(address.substring(0, at), address.substring(at + 1)));
    }

    static ContentSink filled(Spool spool, byte[] body) {
        ContentSink sink = spool.openContent();
        int third = body.length / 3;
        sink.write(body, 0, third);
        sink.write(body, third, body.length - third);
        return sink;
    }

    static Acceptance acceptance(Spool spool, String acceptId, byte[] body, String... recipients) {
        return acceptance(acceptId, filled(spool, body), recipients);
    }

    /** Of a sink that is filled. */
    static Acceptance acceptance(String acceptId, ContentSink sink, String... recipients) {
        Envelope envelope = envelope(recipients);
        List<Disposition> dispositions = envelope.recipients().stream().map(r -> RELAYED).toList();
        return new Acceptance(
                acceptId, ORIGIN, envelope, dispositions, prefix(), sink, Instant.EPOCH);
    }

    static byte[] prefix() {
        return "Received: from client.example\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] withPrefix(byte[] body) {
        byte[] prefix = prefix();
        byte[] whole = Arrays.copyOf(prefix, prefix.length + body.length);
        System.arraycopy(body, 0, whole, prefix.length, body.length);
        return whole;
    }

    static byte[] read(Content content) {
        try (content) {
            return content.stream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Settlement done(QueuedDelivery delivery, Acceptance... inserts) {
        return new Settlement(
                delivery.id(),
                delivery.epoch(),
                List.of(),
                Progress.fresh(delivery.nextDueAt()),
                List.of(inserts));
    }

    private static Tried tried(int attempts, Instant dueAt) {
        Outcome.Cause[] causes = Outcome.Cause.values();
        return new Tried(
                dueAt.minusNanos(1),
                dueAt.plusSeconds(attempts),
                causes[attempts % causes.length],
                attempts % 2 == 0);
    }

    static Settlement deferred(QueuedDelivery delivery, List<Integer> open, Instant dueAt) {
        Progress progress =
                new Progress(
                        delivery.attempts() + 1,
                        dueAt,
                        Instant.MAX,
                        false,
                        true,
                        "451 later",
                        "",
                        Optional.of(tried(delivery.attempts(), dueAt)));
        return new Settlement(delivery.id(), delivery.epoch(), open, progress, List.of());
    }
}

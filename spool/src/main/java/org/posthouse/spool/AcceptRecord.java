package org.posthouse.spool;

import org.posthouse.core.BodyType;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Notify;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.core.Ret;
import org.posthouse.core.ReversePath;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a commit holds of an accepted message; docs/spool-format.md section 3.
 *
 * @param contentId the content its chunks belong to; 0: the message's own id
 * @param movedFrom generation of the segment from which the message was moved; 0: never moved
 * @param body which octets of the content count
 */
record AcceptRecord(
        Instant acceptedAt,
        Instant notBefore,
        Instant expiresAt,
        String acceptId,
        long contentId,
        long movedFrom,
        Body body,
        Prefix prefix,
        Origin origin,
        Envelope envelope,
        List<Disposition> dispositions) {
    static final int KIND = 1;

    private static final int SMTPUTF8 = 1;
    private static final int REQUIRETLS = 2;
    private static final int WAIVES_TLS = 4;
    private static final int NOTIFY_SPECIFIED = 1;
    private static final int NOTIFY_SUCCESS = 2;
    private static final int NOTIFY_FAILURE = 4;
    private static final int NOTIFY_DELAY = 8;
    private static final int RANGE_OCTETS = 16;

    /** The least octets of a recipient: three empty texts and two single octets. */
    private static final int RECIPIENT_OCTETS_MIN = 14;

    /** Octets that go before the content. */
    record Prefix(@SuppressWarnings("ArrayRecordComponent") byte[] octets) {}

    /**
     * The content as it lies in chunks, and the ranges of it that count.
     *
     * @param bulk where the chunks lie; empty: in the log
     */
    record Body(
            int chunkCount, int chunkOctets, long octets, List<Range> ranges, List<BulkRun> bulk) {
        Body {
            ranges = List.copyOf(ranges);
            bulk = List.copyOf(bulk);
        }

        /** All of a content. */
        static Body whole(int chunkCount, int chunkOctets, long octets, List<BulkRun> bulk) {
            List<Range> all = List.of(new Range(0, octets));
            return new Body(chunkCount, chunkOctets, octets, all, bulk);
        }

        /** The same octets, elsewhere in bulk segments. */
        Body at(ChunkList chunks) {
            return new Body(chunkCount, chunkOctets, octets, ranges, BulkRun.of(chunks));
        }

        /** Octets of a chunk. */
        int chunkOctets(int number) {
            return (int) Math.min(chunkOctets, octets - number * (long) chunkOctets);
        }

        /** Octets that count. */
        long countingOctets() {
            long sum = 0;
            for (Range range : ranges) {
                sum += range.octets;
            }
            return sum;
        }
    }

    /** Octets of the content from a start. */
    record Range(long start, long octets) {}

    /** Length of the message, prefix included. */
    long messageOctets() {
        return prefix.octets.length + body.countingOctets();
    }

    /** The same, written again: it was in a segment of this generation, its content there. */
    AcceptRecord moved(long fromGeneration, Body content) {
        return new AcceptRecord(
                acceptedAt,
                notBefore,
                expiresAt,
                acceptId,
                contentId,
                fromGeneration,
                content,
                prefix,
                origin,
                envelope,
                dispositions);
    }

    int deliveryCount() {
        return groups().size();
    }

    /** The message as the index takes it in. */
    Arrived arrived(long id, int recordOctets) {
        return new Arrived(
                id,
                acceptId,
                messageOctets(),
                recordOctets,
                Index.millis(dueAt()),
                expiresAt.isBefore(Instant.MAX),
                envelope.options().waivesTls(),
                groups());
    }

    /** Who gets it, delivery by delivery. */
    List<Grouping.Group> groups() {
        return Grouping.of(envelope, dispositions);
    }

    /** The state of a delivery that nothing was recorded of. */
    StoredDelivery fresh(Grouping.Group group) {
        Progress progress = new Progress(0, dueAt(), Instant.MAX, false, false, "", group.via());
        return new StoredDelivery(group.recipients(), progress);
    }

    /** When the deliveries are first due. */
    Instant dueAt() {
        return notBefore.isAfter(acceptedAt) ? notBefore : acceptedAt;
    }

    void write(OctetWriter to) {
        to.octet(KIND);
        int lengthAt = to.count();
        to.number(0);
        to.number(acceptedAt.toEpochMilli());
        instant(to, notBefore);
        to.text(acceptId);
        to.number(contentId);
        to.number(movedFrom);
        writeBody(to);
        to.octets(prefix.octets);
        to.text(origin.listener());
        to.text(origin.clientAddress());
        to.text(origin.heloName());
        to.text(origin.login());
        to.text(origin.protocol());
        writeEnvelope(to);
        instant(to, expiresAt);
        to.octet(envelope.options().priority() + MailOptions.PRIORITY_MAX);
        to.numberAt(lengthAt, to.count() - lengthAt - Integer.BYTES);
    }

    private void writeBody(OctetWriter to) {
        to.number(body.chunkCount);
        to.number(body.chunkOctets);
        to.number(body.octets);
        to.number(body.ranges.size());
        for (Range range : body.ranges) {
            to.number(range.start);
            to.number(range.octets);
        }
        to.number(body.bulk.size());
        body.bulk.forEach(run -> run.write(to));
    }

    private void writeEnvelope(OctetWriter to) {
        switch (envelope.reversePath()) {
            case ReversePath.Null none -> to.octet(0);
            case Mailbox mailbox -> {
                to.octet(1);
                writeMailbox(to, mailbox);
            }
        }
        MailOptions options = envelope.options();
        to.number(options.declaredOctets());
        to.octet(code(options.body()));
        to.octet(
                (options.smtpUtf8() ? SMTPUTF8 : 0)
                        | (options.requireTls() ? REQUIRETLS : 0)
                        | (options.waivesTls() ? WAIVES_TLS : 0));
        to.octet(code(options.ret()));
        to.text(options.envelopeId());
        to.text(options.auth());
        List<Recipient> recipients = envelope.recipients();
        to.number(recipients.size());
        for (int i = 0; i < recipients.size(); i++) {
            Recipient recipient = recipients.get(i);
            writeMailbox(to, recipient.mailbox());
            to.octet(notifyBits(recipient.notifyOn()));
            to.text(recipient.originalRecipient());
            writeDisposition(to, dispositions.get(i));
        }
    }

    private static void writeMailbox(OctetWriter to, Mailbox mailbox) {
        to.text(mailbox.localPart());
        to.text(mailbox.domain());
    }

    private static void writeDisposition(OctetWriter to, Disposition disposition) {
        switch (disposition) {
            case Disposition.Local local -> to.octet(0);
            case Disposition.Relayed relayed -> {
                to.octet(1);
                to.text(relayed.rule());
                to.text(relayed.via());
            }
        }
    }

    private static int notifyBits(Notify on) {
        return (on.specified() ? NOTIFY_SPECIFIED : 0)
                | (on.success() ? NOTIFY_SUCCESS : 0)
                | (on.failure() ? NOTIFY_FAILURE : 0)
                | (on.delay() ? NOTIFY_DELAY : 0);
    }

    /** Reads a record whose kind was read. */
    static AcceptRecord read(OctetReader from) {
        int octets = from.count(1);
        int end = from.position() + octets;
        Instant acceptedAt = Instant.ofEpochMilli(from.longNumber());
        Instant notBefore = instant(from);
        String acceptId = from.text();
        long contentId = from.longNumber();
        long movedFrom = from.longNumber();
        Body body = readBody(from);
        Prefix prefix = new Prefix(from.octets());
        Origin origin = new Origin(from.text(), from.text(), from.text(), from.text(), from.text());
        ReversePath reversePath = from.octet() == 0 ? ReversePath.NULL : readMailbox(from);
        MailOptions options = readOptions(from);
        int count = from.count(RECIPIENT_OCTETS_MIN);
        List<Recipient> recipients = new ArrayList<>(count);
        List<Disposition> dispositions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            recipients.add(new Recipient(readMailbox(from), readNotify(from), from.text()));
            dispositions.add(readDisposition(from));
        }
        Instant expiresAt = from.position() < end ? instant(from) : Instant.MAX;
        options = options.withPriority(from.position() < end ? priority(from.octet()) : 0);
        from.moveTo(end);
        Envelope envelope = new Envelope(reversePath, options, recipients);
        return new AcceptRecord(
                acceptedAt,
                notBefore,
                expiresAt,
                acceptId,
                contentId,
                movedFrom,
                body,
                prefix,
                origin,
                envelope,
                dispositions);
    }

    static void instant(OctetWriter to, Instant instant) {
        to.number(instant.getEpochSecond());
        to.number(instant.getNano());
    }

    static Instant instant(OctetReader from) {
        try {
            return Instant.ofEpochSecond(from.longNumber(), from.number());
        } catch (DateTimeException | ArithmeticException e) {
            throw new OctetReader.Malformed("not an instant");
        }
    }

    private static Body readBody(OctetReader from) {
        int chunkCount = from.number();
        int chunkOctets = from.number();
        long octets = from.longNumber();
        int count = from.count(RANGE_OCTETS);
        List<Range> ranges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ranges.add(new Range(from.longNumber(), from.longNumber()));
        }
        int runs = from.count(BulkRun.OCTETS);
        List<BulkRun> bulk = new ArrayList<>(runs);
        for (int i = 0; i < runs; i++) {
            bulk.add(BulkRun.read(from));
        }
        return new Body(chunkCount, chunkOctets, octets, ranges, bulk);
    }

    private static MailOptions readOptions(OctetReader from) {
        long declaredOctets = from.longNumber();
        BodyType body = body(from.octet());
        int flags = from.octet();
        return new MailOptions(
                        declaredOctets,
                        body,
                        (flags & SMTPUTF8) != 0,
                        ret(from.octet()),
                        from.text(),
                        from.text(),
                        (flags & REQUIRETLS) != 0)
                .waivingTls((flags & WAIVES_TLS) != 0);
    }

    private static int priority(int code) {
        if (code > 2 * MailOptions.PRIORITY_MAX) {
            throw new OctetReader.Malformed("priority " + code);
        }
        return code - MailOptions.PRIORITY_MAX;
    }

    private static int code(BodyType body) {
        return switch (body) {
            case SEVEN_BIT -> 0;
            case EIGHT_BIT_MIME -> 1;
            case BINARY_MIME -> 2;
        };
    }

    private static BodyType body(int code) {
        return switch (code) {
            case 0 -> BodyType.SEVEN_BIT;
            case 1 -> BodyType.EIGHT_BIT_MIME;
            case 2 -> BodyType.BINARY_MIME;
            default -> throw new OctetReader.Malformed("BODY " + code);
        };
    }

    private static int code(Ret ret) {
        return switch (ret) {
            case UNSPECIFIED -> 0;
            case FULL -> 1;
            case HDRS -> 2;
        };
    }

    private static Ret ret(int code) {
        return switch (code) {
            case 0 -> Ret.UNSPECIFIED;
            case 1 -> Ret.FULL;
            case 2 -> Ret.HDRS;
            default -> throw new OctetReader.Malformed("RET " + code);
        };
    }

    private static Mailbox readMailbox(OctetReader from) {
        return new Mailbox(from.text(), from.text());
    }

    private static Notify readNotify(OctetReader from) {
        int bits = from.octet();
        return new Notify(
                (bits & NOTIFY_SPECIFIED) != 0,
                (bits & NOTIFY_SUCCESS) != 0,
                (bits & NOTIFY_FAILURE) != 0,
                (bits & NOTIFY_DELAY) != 0);
    }

    private static Disposition readDisposition(OctetReader from) {
        return from.octet() == 0
                ? Disposition.LOCAL
                : new Disposition.Relayed(from.text(), from.text());
    }
}

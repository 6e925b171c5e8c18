package org.posthouse.spool;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.Outcome;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a commit holds of a delivery's new state; docs/spool-format.md section 3.
 *
 * @param acceptGeneration generation of the segment that holds the message's accept record: as long
 *     as that is in use, the last record of a delivery that is done must not be lost; 0: it is in
 *     the same commit
 */
record SettleRecord(
        long message, int delivery, long acceptGeneration, List<Integer> open, Progress progress) {
    static final int KIND = 2;

    /** Characters of the last reply that are kept. */
    private static final int REPLY_CHARACTERS_MAX = 2000;

    private static final int HELD = 1;
    private static final int WARNED = 2;
    private static final int POSSIBLE_DUPLICATE = 4;

    /** In the place of a cause. */
    private static final int NEVER_TRIED = 0;

    static SettleRecord of(Settlement settlement, long acceptGeneration) {
        DeliveryId id = settlement.delivery();
        Progress progress = settlement.progress();
        if (progress.lastReply().length() > REPLY_CHARACTERS_MAX) {
            String reply = progress.lastReply().substring(0, REPLY_CHARACTERS_MAX);
            progress = progress.lastReply(reply);
        }
        return new SettleRecord(
                id.message().value(),
                id.number(),
                acceptGeneration,
                settlement.openRecipients(),
                progress);
    }

    /** A delivery that is done, beside its message's accept record. */
    static SettleRecord done(long message, int delivery) {
        return new SettleRecord(message, delivery, 0, List.of(), Progress.fresh(Instant.EPOCH));
    }

    /** The same, for the commit that holds its message's accept record. */
    SettleRecord acceptedHere() {
        return new SettleRecord(message, delivery, 0, open, progress);
    }

    StoredDelivery stored() {
        return new StoredDelivery(open, progress);
    }

    boolean isDone() {
        return open.isEmpty();
    }

    void write(OctetWriter to) {
        to.octet(KIND);
        int lengthAt = to.count();
        to.number(0);
        to.number(message);
        to.number(delivery);
        to.number(acceptGeneration);
        to.octet(flags());
        to.number(progress.attempts());
        AcceptRecord.instant(to, progress.nextDueAt());
        AcceptRecord.instant(to, progress.lookAt());
        to.number(open.size());
        for (int position : open) {
            to.number(position);
        }
        to.text(isDone() ? "" : progress.lastReply());
        to.text(isDone() ? "" : progress.via());
        writeTried(to);
        to.numberAt(lengthAt, to.count() - lengthAt - Integer.BYTES);
    }

    private int flags() {
        return (progress.held() ? HELD : 0)
                | (progress.warned() ? WARNED : 0)
                | (progress.possibleDuplicate() ? POSSIBLE_DUPLICATE : 0);
    }

    private void writeTried(OctetWriter to) {
        Tried tried = isDone() ? null : progress.tried().orElse(null);
        if (tried == null) {
            to.octet(NEVER_TRIED);
            return;
        }
        to.octet(code(tried.cause()));
        AcceptRecord.instant(to, tried.firstAt());
        AcceptRecord.instant(to, tried.lastAt());
    }

    private static Optional<Tried> readTried(OctetReader from, int flags, int end) {
        int code = from.position() < end ? from.octet() : NEVER_TRIED;
        if (code == NEVER_TRIED) {
            return Optional.empty();
        }
        Outcome.Cause cause = cause(code);
        Instant first = AcceptRecord.instant(from);
        Instant last = AcceptRecord.instant(from);
        return Optional.of(new Tried(first, last, cause, (flags & POSSIBLE_DUPLICATE) != 0));
    }

    private static int code(Outcome.Cause cause) {
        return switch (cause) {
            case NET -> 1;
            case TEMPORARY -> 2;
            case RATE -> 3;
            case GREYLISTED -> 4;
            case MAILBOX -> 5;
            case REPUTATION -> 6;
            case AMBIGUOUS -> 7;
        };
    }

    private static Outcome.Cause cause(int code) {
        for (Outcome.Cause each : Outcome.Cause.values()) {
            if (code(each) == code) {
                return each;
            }
        }
        throw new OctetReader.Malformed("cause " + code);
    }

    /** Reads a record whose kind was read. */
    static SettleRecord read(OctetReader from) {
        int octets = from.count(1);
        int end = from.position() + octets;
        long message = from.longNumber();
        int delivery = from.number();
        long acceptGeneration = from.longNumber();
        int flags = from.octet();
        int attempts = from.number();
        var nextDueAt = AcceptRecord.instant(from);
        var lookAt = AcceptRecord.instant(from);
        int count = from.count(Integer.BYTES);
        List<Integer> open = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            open.add(from.number());
        }
        String lastReply = from.text();
        String via = from.text();
        Optional<Tried> tried = readTried(from, flags, end);
        from.moveTo(end);
        Progress progress =
                new Progress(
                        attempts,
                        nextDueAt,
                        lookAt,
                        (flags & HELD) != 0,
                        (flags & WARNED) != 0,
                        lastReply,
                        via,
                        tried);
        return new SettleRecord(message, delivery, acceptGeneration, List.copyOf(open), progress);
    }
}

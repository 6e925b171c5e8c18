package org.posthouse.spool;

import org.posthouse.core.DeliveryId;

import java.util.ArrayList;
import java.util.List;

/** What a commit holds of a delivery's new state; docs/spool-format.md section 3. */
record SettleRecord(long message, int delivery, List<Integer> open, Progress progress) {
    static final int KIND = 2;

    /** Characters of the last reply that are kept. */
    private static final int REPLY_CHARACTERS_MAX = 2000;

    private static final int HELD = 1;
    private static final int WARNED = 2;

    static SettleRecord of(Settlement settlement) {
        DeliveryId id = settlement.delivery();
        Progress progress = settlement.progress();
        if (progress.lastReply().length() > REPLY_CHARACTERS_MAX) {
            progress =
                    new Progress(
                            progress.attempts(),
                            progress.nextDueAt(),
                            progress.held(),
                            progress.warned(),
                            progress.lastReply().substring(0, REPLY_CHARACTERS_MAX),
                            progress.via());
        }
        return new SettleRecord(
                id.message().value(), id.number(), settlement.openRecipients(), progress);
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
        to.octet((progress.held() ? HELD : 0) | (progress.warned() ? WARNED : 0));
        to.number(progress.attempts());
        AcceptRecord.instant(to, progress.nextDueAt());
        to.number(open.size());
        for (int position : open) {
            to.number(position);
        }
        to.text(isDone() ? "" : progress.lastReply());
        to.text(isDone() ? "" : progress.via());
        to.numberAt(lengthAt, to.count() - lengthAt - Integer.BYTES);
    }

    /** Reads a record whose kind was read. */
    static SettleRecord read(OctetReader from) {
        int octets = from.count(1);
        int end = from.position() + octets;
        long message = from.longNumber();
        int delivery = from.number();
        int flags = from.octet();
        int attempts = from.number();
        var nextDueAt = AcceptRecord.instant(from);
        int count = from.count(Integer.BYTES);
        List<Integer> open = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            open.add(from.number());
        }
        String lastReply = from.text();
        String via = from.text();
        from.moveTo(end);
        Progress progress =
                new Progress(
                        attempts,
                        nextDueAt,
                        (flags & HELD) != 0,
                        (flags & WARNED) != 0,
                        lastReply,
                        via);
        return new SettleRecord(message, delivery, List.copyOf(open), progress);
    }
}

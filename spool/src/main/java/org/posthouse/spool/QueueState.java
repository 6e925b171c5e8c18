package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * What is queued, as the log tells: one row a delivery that is not done, and what damage touches.
 */
final class QueueState implements LogReplay.Events {
    private static final int NOTES_MAX = 1000;

    private final LongPredicate wanted;
    private final DeliveryTable table = new DeliveryTable();
    private final List<DamageNote> notes = new ArrayList<>();
    private final Set<DamageNote> added = new HashSet<>();
    private long noteCount;

    /** Deliveries of which a checkpoint knows, and whose accept record was not found. */
    private final DeliveryTable lost = new DeliveryTable();

    /** Octets that messages lack. */
    private final Map<Long, Long> lacking = new HashMap<>();

    /** Damaged chunks, by the content they belong to. */
    private final Map<Long, List<DamageNote>> notesByContent = new HashMap<>();

    /** Damaged commits, by the ids of the messages that were accepted there. */
    private final Map<Long, DamageNote> notesByLost = new HashMap<>();

    private long frameCount;
    private long tailOctets;
    private long cutOctets;

    /**
     * Of some messages only.
     *
     * @param wanted which
     */
    QueueState(LongPredicate wanted) {
        this.wanted = wanted;
    }

    DeliveryTable table() {
        return table;
    }

    /** Takes in what is wrong with segments as a whole. */
    void addSegmentDamage(List<DamageNote> damage) {
        for (DamageNote note : damage) {
            add(note);
        }
    }

    /** Those of a checkpoint whose segment is not there; what is read later may still have them. */
    DeliveryTable lost() {
        return lost;
    }

    void add(DamageNote note) {
        noteCount++;
        if (notes.size() < NOTES_MAX) {
            notes.add(note);
        }
    }

    /** Of a file that several messages need. */
    void addOnce(DamageNote note) {
        if (added.add(note)) {
            add(note);
        }
    }

    @Override
    public void damaged(DamageNote note) {
        add(note);
    }

    @Override
    public void frame(Reading.Item.Judged judged, SegmentLook.Seen segment) {
        SegmentScan.Found frame = judged.frame();
        long octets = frame.end() - frame.position();
        switch (judged.verdict()) {
            case GOOD -> frameCount++;
            case TAIL -> {
                frameCount++;
                tailOctets += octets;
            }
            case CUT -> cutOctets += octets;
            case DAMAGED -> link(frame, segment);
        }
    }

    /** Says of a damaged frame what it may touch. */
    private void link(SegmentScan.Found frame, SegmentLook.Seen segment) {
        DamageNote note = notes.isEmpty() ? null : notes.getLast();
        if (note == null
                || note.generation != segment.generation()
                || note.position != frame.position()) {
            return; // one of those that are only counted
        }
        if (frame.type() == Frame.CHUNK) {
            note.touches(frame.id());
            notesByContent.computeIfAbsent(frame.id(), id -> new ArrayList<>()).add(note);
        } else if (frame.type() == Frame.COMMIT) {
            for (int i = 0; i < frame.number() && i < NOTES_MAX; i++) {
                note.loses(frame.id() + i);
                notesByLost.put(frame.id() + i, note);
            }
            CommitRecords.settledIds(frame.payload()).forEach(note::touches);
        }
    }

    @Override
    public void accepted(
            CommitRecords.Entry.Accepted entry,
            ContentPlaces content,
            LogReplay.RecordPlace place) {
        long id = entry.id();
        if (!wanted.test(id)) {
            return;
        }
        forget(id); // moved: this record is newer, and all states follow
        int count = entry.record().deliveryCount();
        for (int number = 0; number < count; number++) {
            DeliveryRow row = table.insert(id, number);
            row.accept(place.slot(), place.frame().position());
            row.octets(entry.record().messageOctets(), entry.octets());
            row.set(DeliveryRow.BULK, !entry.record().body().bulk().isEmpty());
            forgetLost(id, number);
        }
        DamageNote lost = notesByLost.remove(id);
        if (lost != null) {
            lost.found(id);
        }
        noteLacking(entry, content, place.frame());
    }

    private void noteLacking(
            CommitRecords.Entry.Accepted entry, ContentPlaces content, SegmentScan.Found commit) {
        long id = entry.id();
        AcceptRecord record = entry.record();
        List<DamageNote> bad = notesByContent.remove(entry.contentId());
        boolean isBulk = !record.body().bulk().isEmpty(); // looked at when all was read
        long octets = isBulk ? 0 : content.lackingOctets(record.body());
        if (octets == 0) {
            lacking.remove(id);
            return;
        }
        lacking.put(id, octets);
        if (bad != null) {
            bad.forEach(note -> note.touches(id));
        }
        long from = Math.min(content.firstSequence(), commit.sequence() - commit.number());
        for (DamageNote note : notes) {
            if (note.kind == SpoolDamage.Kind.FRAMES
                    && note.lastSequence >= from
                    && note.firstSequence < commit.sequence()) {
                note.touches(id);
            }
        }
    }

    @Override
    public void settled(CommitRecords.Entry.Settled entry, LogReplay.RecordPlace place) {
        SettleRecord record = entry.record();
        if (record.isDone()) {
            forgetLost(record.message(), record.delivery());
        }
        DeliveryRow row = table.find(record.message(), record.delivery());
        if (row == null) {
            return;
        }
        if (!record.isDone()) {
            row.state(place.slot(), place.frame().position(), entry.octets());
            row.set(DeliveryRow.HELD, record.progress().held());
            return;
        }
        if (!table.hasSibling(row)) {
            lacking.remove(record.message());
        }
        table.remove(row);
    }

    /** A message lacks octets of its content. */
    void lacks(long id, long octets) {
        lacking.merge(id, octets, Long::sum);
    }

    /** It is not queued, whatever was read before. */
    void forget(long id) {
        DeliveryRow row = table.ceiling(id, 0);
        while (row != null && row.id() == id) {
            table.remove(row);
            row = table.ceiling(id, 0);
        }
    }

    private void forgetLost(long id, int number) {
        DeliveryRow row = lost.find(id, number);
        if (row != null) {
            lost.remove(row);
        }
    }

    boolean isQueued(long id) {
        DeliveryRow row = table.ceiling(id, 0);
        return row != null && row.id() == id;
    }

    long lackingOctets(long id) {
        return lacking.getOrDefault(id, 0L);
    }

    List<SpoolDamage> damage(LongPredicate isQueued) {
        List<SpoolDamage> damage = new ArrayList<>(notes.size());
        notes.forEach(note -> damage.add(note.toDamage(isQueued)));
        return damage;
    }

    long damageCount() {
        return noteCount;
    }

    long frameCount() {
        return frameCount;
    }

    SpoolCheck.Tail tail() {
        return new SpoolCheck.Tail(tailOctets, cutOctets);
    }

    @Nullable DeliveryRow first() {
        return table.ceiling(Long.MIN_VALUE, 0);
    }
}

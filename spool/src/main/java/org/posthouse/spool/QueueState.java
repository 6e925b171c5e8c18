package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * What is queued, as the log tells: one row a delivery that is not done, and what damage touches.
 */
final class QueueState implements LogReplay.Events {
    private static final int NOTES_MAX = 1000;

    private final LongPredicate wanted;
    private final DeliveryTable table = new DeliveryTable();
    private final List<DamageNote> notes = new ArrayList<>();
    private long noteCount;

    /** Octets that messages lack. */
    private final Map<Long, Long> lacking = new HashMap<>();

    /** Damaged chunks, by the content they belong to. */
    private final Map<Long, List<DamageNote>> notesByContent = new HashMap<>();

    /** Damage of segments as a whole, by generation. */
    private final Map<Long, List<DamageNote>> notesByGeneration = new HashMap<>();

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
            if (note.isOfWholeSegment()) {
                notesByGeneration
                        .computeIfAbsent(note.generation, g -> new ArrayList<>())
                        .add(note);
            }
        }
    }

    private void add(DamageNote note) {
        noteCount++;
        if (notes.size() < NOTES_MAX) {
            notes.add(note);
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
        List<DeliveryRow> rows = table.rowsOf(id);
        if (rows.isEmpty()) {
            insert(entry);
            rows = table.rowsOf(id);
        }
        for (DeliveryRow row : rows) {
            row.accept(place.slot(), place.frame().position());
        }
        DamageNote lost = notesByLost.remove(id);
        if (lost != null) {
            lost.found(id);
        }
        notesByGeneration
                .getOrDefault(place.segment().generation(), List.of())
                .forEach(note -> note.touches(id));
        noteLacking(entry, content, place.frame());
    }

    private void insert(CommitRecords.Entry.Accepted entry) {
        AcceptRecord record = entry.record();
        int count = Grouping.of(record.envelope(), record.dispositions()).size();
        for (int number = 0; number < count; number++) {
            DeliveryRow row = table.insert(entry.id(), number);
            row.octets(record.messageOctets(), entry.octets());
        }
    }

    private void noteLacking(
            CommitRecords.Entry.Accepted entry, ContentPlaces content, SegmentScan.Found commit) {
        long id = entry.id();
        AcceptRecord record = entry.record();
        List<DamageNote> bad = notesByContent.remove(entry.contentId());
        long octets = content.lackingOctets(record.body());
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

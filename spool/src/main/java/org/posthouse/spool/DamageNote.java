package org.posthouse.spool;

import org.posthouse.core.SpoolId;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/** A damaged place, while the log is read: what it touches is known only later. */
final class DamageNote {
    private static final int NAMED_MAX = 100;

    /** More messages than this are not kept. */
    private static final int TOUCHED_MAX = 100_000;

    final SpoolDamage.Kind kind;
    final String file;
    final long generation;
    final long position;
    final long firstSequence;
    final long lastSequence;
    final String text;

    private final TreeSet<Long> touched = new TreeSet<>();
    private final TreeSet<Long> lost = new TreeSet<>();

    DamageNote(SpoolDamage.Kind kind, SegmentLook.Seen segment, long position, String text) {
        this(kind, segment, position, 0, 0, text);
    }

    DamageNote(
            SpoolDamage.Kind kind,
            SegmentLook.Seen segment,
            long position,
            long firstSequence,
            long lastSequence,
            String text) {
        this.kind = kind;
        this.file = segment.name();
        this.generation = segment.generation();
        this.position = position;
        this.firstSequence = firstSequence;
        this.lastSequence = lastSequence;
        this.text = text;
    }

    /** Of a file that can't be read at all. */
    DamageNote(SpoolDamage.Kind kind, String file, long generation, long position, String text) {
        this.kind = kind;
        this.file = file;
        this.generation = generation;
        this.position = position;
        this.firstSequence = 0;
        this.lastSequence = 0;
        this.text = text;
    }

    /** Something of a message lies here; it counts if the message turns out to be queued. */
    void touches(long message) {
        if (message > 0 && touched.size() < TOUCHED_MAX) {
            touched.add(message);
        }
    }

    /** The accept record of a message lay here: unless another is found, it is gone. */
    void loses(long message) {
        if (message > 0 && lost.size() < TOUCHED_MAX) {
            lost.add(message);
        }
    }

    /** An accept record was found after all. */
    void found(long message) {
        if (lost.remove(message)) {
            touched.add(message);
        }
    }

    SpoolDamage toDamage(LongPredicate isQueued) {
        TreeSet<Long> all = new TreeSet<>(lost);
        touched.stream().filter(isQueued::test).forEach(all::add);
        List<SpoolId> named = new ArrayList<>();
        all.stream().limit(NAMED_MAX).forEach(id -> named.add(new SpoolId(id)));
        return new SpoolDamage(
                kind,
                file,
                generation,
                position,
                firstSequence,
                lastSequence,
                text,
                named,
                all.size());
    }
}

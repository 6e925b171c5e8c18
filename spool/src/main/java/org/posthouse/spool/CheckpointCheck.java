package org.posthouse.spool;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Compares the segments that are there with those of the newest checkpoint, and names the messages
 * that went with a segment that is gone.
 */
final class CheckpointCheck {
    private final CheckpointLook checkpoint;
    private final Set<Snapshot.InUse> missing = new LinkedHashSet<>();
    private final Map<Integer, DamageNote> notes = new HashMap<>();

    private CheckpointCheck(SegmentLook look, SegmentLook.View first) throws IOException {
        checkpoint = CheckpointLook.newest(look, first, missing::add);
    }

    /** Before the log is read. */
    static CheckpointCheck begin(SegmentLook look, SegmentLook.View first, QueueState state)
            throws IOException {
        var check = new CheckpointCheck(look, first);
        for (Snapshot.InUse each : check.missing) {
            DamageNote note =
                    new DamageNote(
                            SpoolDamage.Kind.MISSING_FILE,
                            SegmentFiles.NAME.of(each.file()),
                            each.generation(),
                            0,
                            "the segment is not there, and " + check.checkpoint.name() + " has it");
            check.notes.put(each.file(), note);
            state.add(note);
        }
        if (!check.missing.isEmpty()) {
            check.checkpoint.addRowsIn(check.missing, look, state.lost());
        }
        return check;
    }

    /** What the log was forced up to for certain. */
    long forced() {
        return checkpoint.needed();
    }

    SpoolCheck.Checkpoints counts() {
        return checkpoint.counts();
    }

    /** After the log was read: what was neither found elsewhere nor settled is lost. */
    void end(QueueState state) {
        DeliveryTable lost = state.lost();
        DeliveryRow row = lost.ceiling(Long.MIN_VALUE, 0);
        while (row != null) {
            DamageNote note = notes.get(row.acceptSlot());
            if (note != null) {
                note.loses(row.id());
            }
            row = lost.next(row);
        }
    }
}

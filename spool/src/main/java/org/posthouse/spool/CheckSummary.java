package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.SpoolId;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** Sums up what a walk over the whole log found. */
final class CheckSummary {
    private static final int SET_ASIDE_MAX = 1000;

    private final SegmentLook look;
    private final LogWalk walk;
    private final QueueState state;

    /**
     * Segments that were freed since they were read: what was accepted there is done, though the
     * record that says so may be gone, too.
     */
    private final BitSet gone = new BitSet();

    private final List<SpoolCheck.SetAside> setAside = new ArrayList<>();
    private long setAsideCount;
    private long messageCount;
    private long deliveryCount;
    private long heldCount;
    private long octets;
    private @Nullable DeliveryRow oldest;

    CheckSummary(SegmentLook look, LogWalk walk, QueueState state) {
        this.look = look;
        this.walk = walk;
        this.state = state;
    }

    SpoolCheck of(SegmentLook.View first, SpoolCheck.Checkpoints checkpoints) throws IOException {
        if (look.isLive()) {
            for (int slot = 1; slot <= walk.slotCount(); slot++) {
                gone.set(slot, !look.isUnchanged(walk.segment(slot)));
            }
        }
        count();
        int version = 0;
        long fileOctets = 0;
        for (Collection<SegmentLook.Seen> some :
                List.of(first.used(), first.free(), first.bulk().values())) {
            for (SegmentLook.Seen seen : some) {
                version = Math.max(version, seen.version());
                fileOctets += seen.fileOctets();
            }
        }
        return new SpoolCheck(
                version,
                new SpoolCheck.Segments(
                        first.used().size(), first.free().size(), first.bulk().size(), fileOctets),
                checkpoints,
                state.frameCount(),
                new SpoolCheck.Queue(
                        messageCount, deliveryCount, heldCount, octets, oldestMessage()),
                state.tail(),
                setAside,
                setAsideCount,
                state.damage(this::isQueued),
                state.damageCount(),
                walk.isComplete());
    }

    private void count() {
        long before = 0;
        DeliveryTable table = state.table();
        for (DeliveryRow row = state.first(); row != null; row = table.next(row)) {
            boolean isNew = row.id() != before;
            before = row.id();
            if (gone.get(row.acceptSlot())) {
                continue;
            }
            long lacking = state.lackingOctets(row.id());
            if (lacking > 0) {
                if (isNew) {
                    setAside(row.id(), lacking);
                }
                continue;
            }
            deliveryCount++;
            heldCount += row.is(DeliveryRow.HELD) ? 1 : 0;
            if (isNew) {
                messageCount++;
                octets += row.octets();
                oldest = oldest == null ? row : oldest;
            }
        }
    }

    private void setAside(long id, long lacking) {
        if (!walk.isComplete()) {
            return;
        }
        setAsideCount++;
        if (setAside.size() < SET_ASIDE_MAX) {
            setAside.add(new SpoolCheck.SetAside(new SpoolId(id), lacking));
        }
    }

    private boolean isQueued(long id) {
        DeliveryRow row = state.table().ceiling(id, 0);
        return row != null && row.id() == id && !gone.get(row.acceptSlot());
    }

    private SpoolCheck.@Nullable Oldest oldestMessage() throws IOException {
        DeliveryRow row = oldest;
        if (row == null) {
            return null;
        }
        try (FrameSource frames = new FrameSource(look)) {
            SegmentLook.Seen segment = walk.segment(row.acceptSlot());
            CommitRecords.Entry.Accepted entry =
                    frames.commit(segment, row.acceptPosition()).accepted(row.id());
            return entry == null
                    ? null
                    : new SpoolCheck.Oldest(new SpoolId(row.id()), entry.record().acceptedAt());
        } catch (IOException e) {
            if (look.isLive()) {
                return null; // done a moment ago
            }
            throw e;
        }
    }
}

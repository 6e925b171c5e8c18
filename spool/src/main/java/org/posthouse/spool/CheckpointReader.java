package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fills an empty index from a checkpoint, as far as the segments it speaks of are still in the same
 * use. Trusts nothing: a file that is damaged or does not fit the segments gives no result.
 */
final class CheckpointReader {
    private final Index index;
    private final Map<Long, Segment> inUse;
    private final Map<Integer, Long> generations;
    private final BulkRecovery bulk;
    private final List<Segment> mended;

    /** Messages of whose content a bulk segment is gone. */
    private final Set<Long> incomplete = new HashSet<>();

    private final List<Snapshot.InUse> listed = new ArrayList<>();
    private final List<Snapshot.Hold> holds = new ArrayList<>();
    private final Map<Integer, Snapshot.InUse> slots = new HashMap<>();
    private Snapshot head = new Snapshot(0, 0, 0, 0, List.of(), List.of());
    private long needed;
    private boolean ended;

    /**
     * For one try.
     *
     * @param inUse segments in use by generation
     * @param generations of all segments by the number of their file, used or free
     * @param mended segments in use that an earlier start may not have known as such
     * @param bulk the bulk segments that are there
     */
    CheckpointReader(
            Index index,
            Map<Long, Segment> inUse,
            Map<Integer, Long> generations,
            List<Segment> mended,
            BulkRecovery bulk) {
        this.mended = List.copyOf(mended);
        this.bulk = bulk;
        this.index = index;
        this.inUse = inUse;
        this.generations = generations;
    }

    /**
     * What was read.
     *
     * @param from where the log is to be read on from
     * @param needed frames up to this sequence were forced when the checkpoint was written
     * @param missing generations whose file is not there any more
     * @param lost messages whose accept record was in such a file
     */
    record Loaded(Snapshot from, long needed, List<Snapshot.InUse> missing, List<Long> lost) {
        Loaded {
            missing = List.copyOf(missing);
            lost = List.copyOf(lost);
        }
    }

    /** Null when it can't be used; the index is then useless, too. */
    @Nullable Loaded read(DiskFile file) throws IOException {
        var blocks = new BlockFile(file);
        if (!blocks.readHead()) {
            return null;
        }
        for (ByteBuffer block = blocks.read(); block != null && !ended; ) {
            read(block.getInt(), block);
            block = ended ? null : blocks.read();
        }
        return ended && fits() ? settle() : null;
    }

    private void read(int type, ByteBuffer block) {
        switch (type) {
            case CheckpointWriter.HEAD -> {
                long sequence = block.getLong();
                long lastId = block.getLong();
                head =
                        new Snapshot(
                                sequence,
                                lastId,
                                block.getLong(),
                                block.getLong(),
                                List.of(),
                                List.of());
            }
            case CheckpointWriter.IN_USE -> {
                while (block.hasRemaining()) {
                    listed.add(new Snapshot.InUse(block.getInt(), block.getLong()));
                }
            }
            case CheckpointWriter.HOLDS -> {
                while (block.hasRemaining()) {
                    holds.add(new Snapshot.Hold(block.getLong(), block.getLong(), block.getLong()));
                }
            }
            case CheckpointWriter.ROWS -> index.table.append(block);
            case CheckpointWriter.BULK -> {
                while (block.hasRemaining()) {
                    readRun(block);
                }
            }
            case CheckpointWriter.ACCEPT_IDS -> {
                while (block.hasRemaining()) {
                    long id = block.getLong();
                    index.acceptIds.put(text(block), id);
                }
            }
            case CheckpointWriter.DOMAINS -> {
                while (block.hasRemaining()) {
                    int number = block.getInt();
                    index.domains.restore(number, text(block));
                }
            }
            case CheckpointWriter.SLOTS -> {
                while (block.hasRemaining()) {
                    int slot = block.getInt();
                    slots.put(slot, new Snapshot.InUse(block.getInt(), block.getLong()));
                }
            }
            case CheckpointWriter.END -> {
                needed = block.getLong();
                ended = true;
            }
            default -> {} // of a later version that this one may read
        }
    }

    private void readRun(ByteBuffer block) {
        long id = block.getLong();
        BulkSegment segment = bulk.find(block.getInt(), block.getLong());
        long position = block.getLong();
        int length = block.getInt();
        ChunkList chunks = index.bulk.computeIfAbsent(id, unused -> new ChunkList());
        for (int left = block.getInt(); left > 0 && segment != null; left--) {
            chunks.add(segment, position, length);
            position += Frame.octetsFor(length);
        }
        if (segment == null) {
            incomplete.add(id);
        }
    }

    private static String text(ByteBuffer from) {
        byte[] octets = new byte[from.getInt()];
        from.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }

    /**
     * False when a file is in an older use than the checkpoint says: it was put back; or when it is
     * in use and the checkpoint does not know: its header was read wrongly then.
     */
    private boolean fits() {
        for (Segment segment : mended) {
            long generation = segment.header.generation();
            boolean isOlder = segment.header.inUse() && generation < head.generation();
            if (isOlder && !listed.contains(new Snapshot.InUse(segment.number, generation))) {
                return false;
            }
        }
        for (Snapshot.InUse each : listed) {
            Long now = generations.get(each.file());
            if (now != null && now < each.generation()) {
                return false;
            }
        }
        return true;
    }

    private Loaded settle() {
        slots.forEach((slot, use) -> index.slots.restore(slot, segment(use)));
        index.slots.restored();
        List<Snapshot.InUse> missing = new ArrayList<>();
        for (Snapshot.InUse each : listed) {
            if (!generations.containsKey(each.file())) {
                missing.add(each);
            }
        }
        List<Long> lost = new ArrayList<>();
        index.table.keep(row -> fit(row, missing, lost));
        index.recovered();
        index.bulk.keySet().removeIf(id -> index.row(id) == null);
        for (Snapshot.Hold hold : holds) {
            Segment holder = inUse.get(hold.holder());
            Segment held = inUse.get(hold.held());
            if (holder != null && held != null) {
                note(holder, held, hold);
            }
        }
        return new Loaded(head, needed, missing, lost);
    }

    private static void note(Segment holder, Segment held, Snapshot.Hold hold) {
        if (hold.isOrder()) {
            boolean unused = holder.notePreceded(held);
        } else {
            holder.noteHeld(held, hold.octets());
        }
    }

    private @Nullable Segment segment(Snapshot.InUse use) {
        Segment segment = inUse.get(use.generation());
        return segment != null && segment.number == use.file() ? segment : null;
    }

    /**
     * False for the row of a message whose accept record is gone: it was settled or moved since, or
     * its segment was lost.
     */
    private boolean fit(DeliveryRow row, List<Snapshot.InUse> missing, List<Long> lost) {
        if (!index.slots.isUsed(row.acceptSlot())) {
            if (missing.contains(slots.get(row.acceptSlot()))) {
                lost.add(row.id());
            }
            return false;
        }
        if (row.chunkSlot() != 0 && !index.slots.isUsed(row.chunkSlot())) {
            row.chunk(0, 0);
            row.set(DeliveryRow.ASIDE, true);
        }
        boolean inBulk = row.is(DeliveryRow.BULK);
        if (inBulk && (incomplete.contains(row.id()) || !index.bulk.containsKey(row.id()))) {
            row.set(DeliveryRow.ASIDE, true);
        }
        if (row.stateSlot() != 0 && !index.slots.isUsed(row.stateSlot())) {
            row.state(0, 0, 0);
            row.set(DeliveryRow.STATELESS, true);
        }
        return true;
    }
}

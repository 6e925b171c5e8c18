package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The newest checkpoint that can be used, read without making an index of it: which segments it
 * speaks of, up to where the log had been forced, and what lay in a segment that is gone.
 *
 * @param name of its file; empty when there is none
 * @param needed frames up to this sequence had been forced
 * @param listed the segments that were in use
 * @param slots what the numbers in its rows mean
 * @param counts of all checkpoints
 */
record CheckpointLook(
        String name,
        long needed,
        List<Snapshot.InUse> listed,
        Map<Integer, Snapshot.InUse> slots,
        SpoolCheck.Checkpoints counts) {
    private static final int TRIES_MAX = 10;

    /** Looks for it. */
    static CheckpointLook newest(SegmentLook look) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : look.disk().list(look.directory())) {
            if (Checkpoints.NAME.numberOf(name) >= 0) {
                names.addFirst(name);
            }
        }
        CheckpointLook found = null;
        int usable = 0;
        for (String name : names) {
            CheckpointLook each = read(look, name);
            usable += each == null ? 0 : 1;
            found = found == null ? each : found;
        }
        var counts = new SpoolCheck.Checkpoints(usable, names.size() - usable);
        return found == null
                ? new CheckpointLook("", 0, List.of(), Map.of(), counts)
                : new CheckpointLook(found.name, found.needed, found.listed, found.slots, counts);
    }

    private static @Nullable CheckpointLook read(SegmentLook look, String name) throws IOException {
        List<Snapshot.InUse> listed = new ArrayList<>();
        Map<Integer, Snapshot.InUse> slots = new HashMap<>();
        long[] needed = {-1};
        read(
                look,
                name,
                (type, block) -> {
                    switch (type) {
                        case CheckpointWriter.IN_USE -> {
                            while (block.hasRemaining()) {
                                listed.add(new Snapshot.InUse(block.getInt(), block.getLong()));
                            }
                        }
                        case CheckpointWriter.SLOTS -> {
                            while (block.hasRemaining()) {
                                int slot = block.getInt();
                                slots.put(
                                        slot, new Snapshot.InUse(block.getInt(), block.getLong()));
                            }
                        }
                        case CheckpointWriter.END -> needed[0] = block.getLong();
                        default -> {}
                    }
                });
        return needed[0] < 0
                ? null
                : new CheckpointLook(
                        name, needed[0], listed, slots, new SpoolCheck.Checkpoints(1, 0));
    }

    /** Is given a block. */
    private interface Blocks {
        void read(int type, ByteBuffer block);
    }

    private static void read(SegmentLook look, String name, Blocks blocks) throws IOException {
        try (DiskFile file = look.disk().openRead(look.directory().resolve(name))) {
            var reader = new BlockFile(file);
            if (!reader.readHead()) {
                return;
            }
            int type = 0;
            while (type != CheckpointWriter.END) {
                ByteBuffer block = reader.read();
                if (block == null) {
                    return;
                }
                type = block.getInt();
                blocks.read(type, block);
            }
        } catch (NoSuchFileException e) {
            if (!look.isLive()) {
                throw e;
            }
        }
    }

    /**
     * Looks for the newest, and for segments that it speaks of and that are not there. A file is
     * deleted only after the last checkpoint that speaks of it: so while that is there, what is
     * missing is missing.
     */
    static CheckpointLook newest(SegmentLook look, SegmentLook.View first, MissingFiles missing)
            throws IOException {
        CheckpointLook found = newest(look);
        SegmentLook.View view = look.isLive() ? look.view() : first;
        for (int i = 1; look.isLive() && i < TRIES_MAX && !found.isStillThere(look); i++) {
            found = newest(look);
            view = look.view();
        }
        if (found.fits(view)) {
            for (Snapshot.InUse each : found.listed) {
                if (!view.generations().containsKey(each.file())) {
                    missing.add(each);
                }
            }
        }
        return found;
    }

    /** Is told of segments that are missing. */
    interface MissingFiles {
        void add(Snapshot.InUse segment);
    }

    private boolean isStillThere(SegmentLook look) throws IOException {
        return name.isEmpty() || look.disk().exists(look.directory().resolve(name));
    }

    /** False when a file is in an older use than the checkpoint says: it was put back. */
    private boolean fits(SegmentLook.View view) {
        for (Snapshot.InUse each : listed) {
            Long now = view.generations().get(each.file());
            if (now != null && now < each.generation()) {
                return false;
            }
        }
        return true;
    }

    /** Adds the deliveries whose accept record lay in one of some segments. */
    void addRowsIn(Set<Snapshot.InUse> segments, SegmentLook look, DeliveryTable into)
            throws IOException {
        read(
                look,
                name,
                (type, block) -> {
                    if (type == CheckpointWriter.ROWS) {
                        addRows(segments, block, into);
                    }
                });
    }

    private void addRows(Set<Snapshot.InUse> segments, ByteBuffer block, DeliveryTable into) {
        DeliveryTable rows = new DeliveryTable();
        rows.append(block);
        for (int i = 0; i < rows.pageCount(); i++) {
            DeliveryTable.Page page = rows.page(i);
            for (int at = 0; at < page.count; at++) {
                DeliveryRow row = new DeliveryRow(page, i, at);
                Snapshot.InUse segment = slots.get(row.acceptSlot());
                if (segment != null
                        && segments.contains(segment)
                        && into.find(row.id(), row.number()) == null) {
                    Snapshot.InUse place = segment;
                    into.insert(row.id(), row.number()).accept(place.file(), 0);
                }
            }
        }
    }
}

package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The segments of a directory as their headers tell, looked at without changing anything. While
 * another process writes, segments come and go, so a look is repeated until two agree.
 *
 * <p>A slot that holds neither zeros nor a valid header is damaged: a header lies in one sector,
 * which a disk writes whole or not at all. If turning one bit makes the checksum fit, that header
 * is taken, as a start does.
 */
final class SegmentLook {
    private static final int TRIES_MAX = 10;
    private static final int VERSION_AT = 8;

    private final Disk disk;
    private final Path directory;
    private final boolean live;

    /**
     * @param live another process may be writing
     */
    SegmentLook(Disk disk, Path directory, boolean live) {
        this.disk = disk;
        this.directory = directory;
        this.live = live;
    }

    /**
     * A segment.
     *
     * @param version of its header's format
     */
    record Seen(String name, int number, SegmentHeader header, int version, long fileOctets) {
        long generation() {
            return header.generation();
        }

        private boolean isSameUse(SegmentHeader other) {
            return header.inUse() == other.inUse()
                    && header.generation() == other.generation()
                    && header.salt() == other.salt();
        }
    }

    /**
     * All segments.
     *
     * @param used those of the log that are in use, by rising generation
     * @param free the others of the log, by number
     * @param bulk those of large content, by number
     * @param generations of all files of the log by their numbers, deleted ones included whose stub
     *     is still there
     * @param damage what is wrong with headers and sizes
     * @param bulkDamage the same of bulk segments, by number; none of it matters unless a message
     *     needs the segment
     */
    record View(
            List<Seen> used,
            List<Seen> free,
            Map<Integer, Seen> bulk,
            Map<Integer, Long> generations,
            List<DamageNote> damage,
            Map<Integer, DamageNote> bulkDamage) {
        View() {
            this(
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new TreeMap<>(),
                    new HashMap<>(),
                    new ArrayList<>(),
                    new HashMap<>());
        }

        boolean isSame(View other) {
            return isSame(used, other.used) && isSame(free, other.free);
        }

        private static boolean isSame(List<Seen> some, List<Seen> others) {
            if (some.size() != others.size()) {
                return false;
            }
            for (int i = 0; i < some.size(); i++) {
                Seen each = some.get(i);
                Seen other = others.get(i);
                if (each.number != other.number || !each.isSameUse(other.header)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** What a slot holds. */
    private record SlotState(
            long position, boolean valid, @Nullable SegmentHeader header, int version) {
        boolean isEmpty() {
            return !valid && header == null && version < 0;
        }
    }

    Path directory() {
        return directory;
    }

    Disk disk() {
        return disk;
    }

    boolean isLive() {
        return live;
    }

    /** Looks at all segments. */
    View view() throws IOException {
        View view = once();
        for (int i = 1; live && i < TRIES_MAX; i++) {
            View again = once();
            if (again.isSame(view)) {
                return again;
            }
            view = again;
        }
        return view;
    }

    private View once() throws IOException {
        View view = new View();
        for (String name : disk.list(directory)) {
            int number = SegmentFiles.NAME.numberOf(name);
            int bulkNumber = BulkFiles.NAME.numberOf(name);
            if (number < 0 && bulkNumber < 0) {
                continue;
            }
            try (DiskFile file = disk.openRead(directory.resolve(name))) {
                if (number >= 0) {
                    seeLog(name, number, file, view);
                } else {
                    seeBulk(name, bulkNumber, file, view);
                }
            } catch (NoSuchFileException e) {
                if (!live) {
                    throw e;
                }
            }
        }
        view.used.sort(Comparator.comparingLong(Seen::generation));
        return view;
    }

    private void seeLog(String name, int number, DiskFile file, View view) throws IOException {
        Slots slots = slots(file, name);
        SegmentHeader header = slots.newest().header;
        if (header == null || header.bulk()) {
            boolean isUnborn = SegmentFiles.isUnborn(file);
            boolean isBornNow = live && slots(file, name).newest().header != null;
            if (!isUnborn && !isBornNow) {
                view.damage.add(noHeader(name, number, file.size()));
            }
            return;
        }
        Seen seen = new Seen(name, number, header, slots.newest().version, file.size());
        view.generations.put(number, header.generation());
        view.damage.addAll(slots.damage(seen));
        if (!header.inUse() && seen.fileOctets <= SegmentHeader.FRAMES_AT) {
            return; // the stub of a deleted one
        }
        (header.inUse() ? view.used : view.free).add(seen);
        if (seen.fileOctets < header.segmentOctets()) {
            String text =
                    "the file has " + seen.fileOctets + " of " + header.segmentOctets() + " octets";
            view.damage.add(
                    new DamageNote(SpoolDamage.Kind.SHORT_FILE, seen, seen.fileOctets, text));
        } else if (!live && header.generation() == 0 && !SegmentFiles.isUnborn(file)) {
            view.damage.add(
                    new DamageNote(
                            SpoolDamage.Kind.HEADER,
                            seen,
                            0,
                            "the header says that the segment was never used, but it was"));
        }
    }

    /** Its length says nothing: it grows, and grows ahead. */
    private void seeBulk(String name, int number, DiskFile file, View view) throws IOException {
        Slots slots = slots(file, name);
        SegmentHeader header = slots.newest().header;
        if (header == null || !header.bulk()) {
            view.bulkDamage.put(number, noHeader(name, number, file.size()));
            return;
        }
        Seen seen = new Seen(name, number, header, slots.newest().version, file.size());
        view.bulk.put(number, seen);
        for (DamageNote note : slots.damage(seen)) {
            view.bulkDamage.put(number, note);
        }
    }

    private Slots slots(DiskFile file, String name) throws IOException {
        return new Slots(slot(file, name, 0), slot(file, name, 1));
    }

    /** Both slots of a header. */
    private record Slots(SlotState a, SlotState b) {
        SlotState newest() {
            if (a.header == null || b.header == null) {
                return a.header == null ? b : a;
            }
            return a.header.number() > b.header.number() ? a : b;
        }

        List<DamageNote> damage(Seen seen) {
            List<DamageNote> notes = new ArrayList<>();
            for (SlotState slot : List.of(a, b)) {
                if (!slot.valid && !slot.isEmpty()) {
                    notes.add(badSlot(seen, slot));
                }
            }
            return notes;
        }
    }

    private static DamageNote noHeader(String name, int number, long octets) {
        SegmentHeader unknown = new SegmentHeader(false, 0, 0, 0, 0, 0, octets, 0);
        return new DamageNote(
                SpoolDamage.Kind.HEADER,
                new Seen(name, number, unknown, 0, octets),
                0,
                "neither header is valid: nothing in the file can be read");
    }

    private static DamageNote badSlot(Seen seen, SlotState slot) {
        String which = slot.position == 0 ? "header A" : "header B";
        String text =
                slot.header == null
                        ? " is damaged; if it was the newest, what it said is lost"
                        : " has one wrong bit, and is read as it was";
        return new DamageNote(SpoolDamage.Kind.HEADER, seen, slot.position, which + text);
    }

    /** Reads a slot; while somebody writes, a bad one is read again. */
    private SlotState slot(DiskFile file, String name, int slot) throws IOException {
        SlotState state = slotOnce(file, name, slot);
        for (int i = 1; live && !state.valid && i < TRIES_MAX; i++) {
            state = slotOnce(file, name, slot);
        }
        return state;
    }

    private SlotState slotOnce(DiskFile file, String name, int slot) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(SegmentHeader.OCTETS);
        long position = SegmentHeader.slotOf(slot);
        file.read(octets, position);
        octets.flip();
        return switch (SegmentHeader.decode(octets, position)) {
            case SegmentHeader.Slot.Valid valid ->
                    new SlotState(position, true, valid.header(), octets.getInt(VERSION_AT));
            case SegmentHeader.Slot.Other other ->
                    throw new SpoolException(
                            SpoolException.NEWER_FORMAT,
                            directory.resolve(name)
                                    + " has format version "
                                    + other.version()
                                    + "; this program knows "
                                    + SegmentHeader.VERSION,
                            null);
            case SegmentHeader.Slot.Invalid invalid -> repaired(octets, position);
        };
    }

    /** The slot with one bit turned so that its checksum fits; without a header if none does. */
    private static SlotState repaired(ByteBuffer octets, long position) {
        if (isZero(octets)) {
            return new SlotState(position, false, null, -1);
        }
        SegmentHeader header = SegmentHeader.repaired(octets, position);
        int version = header == null ? 0 : octets.getInt(VERSION_AT);
        return new SlotState(position, false, header, version);
    }

    private static boolean isZero(ByteBuffer octets) {
        for (int i = 0; i < octets.limit(); i++) {
            if (octets.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Opens a segment for reading; the caller closes its file. */
    Segment open(Seen seen) throws IOException {
        Path path = directory.resolve(seen.name);
        return new Segment(seen.number, path, disk.openRead(path), seen.header);
    }

    /** False when the segment was freed, or used again, since it was seen. */
    boolean isUnchanged(Seen seen, DiskFile file) throws IOException {
        SegmentHeader now = slots(file, seen.name).newest().header;
        return now != null && seen.isSameUse(now);
    }

    /** False when the segment was freed, used again or deleted since it was seen. */
    boolean isUnchanged(Seen seen) throws IOException {
        try (DiskFile file = disk.openRead(directory.resolve(seen.name))) {
            return isUnchanged(seen, file);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}

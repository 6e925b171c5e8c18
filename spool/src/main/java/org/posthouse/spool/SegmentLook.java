package org.posthouse.spool;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
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
 * <p>What headers count is what {@link HeaderSlots} says, as at a start.
 */
final class SegmentLook {
    private static final int TRIES_MAX = 10;

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
        HeaderSlots slots = slots(file, name);
        switch (SegmentFiles.judged(slots, file)) {
            case HeaderSlots.Verdict.Known known -> seeKnown(number, file, slots, known, view);
            case HeaderSlots.Verdict.Lost lost -> {
                if (!live || slots(file, name).equals(slots)) {
                    view.damage.add(lost(name, number, file.size(), lost.why()));
                }
            }
            case HeaderSlots.Verdict.None none -> {
                boolean isUnborn = SegmentFiles.isUnborn(file);
                boolean isBornNow = live && !slots(file, name).equals(slots);
                if (!isUnborn && !isBornNow) {
                    view.damage.add(lost(name, number, file.size(), "both headers are gone"));
                }
            }
        }
    }

    private static void seeKnown(
            int number,
            DiskFile file,
            HeaderSlots slots,
            HeaderSlots.Verdict.Known known,
            View view)
            throws IOException {
        SegmentHeader header = known.header();
        String name = SegmentFiles.NAME.of(number);
        if (header.bulk()) {
            view.damage.add(lost(name, number, file.size(), "it is of another kind"));
            return;
        }
        Seen seen = new Seen(name, number, header, known.version(), file.size());
        view.generations.put(number, header.generation());
        view.damage.addAll(damage(seen, slots.both()));
        if (!header.inUse() && seen.fileOctets <= SegmentHeader.FRAMES_AT) {
            return; // the stub of a deleted one
        }
        (header.inUse() ? view.used : view.free).add(seen);
        if (seen.fileOctets < header.segmentOctets()) {
            String text =
                    "the file has " + seen.fileOctets + " of " + header.segmentOctets() + " octets";
            view.damage.add(
                    new DamageNote(SpoolDamage.Kind.SHORT_FILE, seen, seen.fileOctets, text));
        }
    }

    /** Its length says nothing: it grows, and grows ahead. It has one header. */
    private void seeBulk(String name, int number, DiskFile file, View view) throws IOException {
        HeaderSlots.Slot slot = slot(file, name, 0);
        SegmentHeader header = slot.header();
        if (header == null || !header.bulk()) {
            String why = header == null ? "its header is not valid" : "it is of another kind";
            view.bulkDamage.put(number, lost(name, number, file.size(), why));
            return;
        }
        Seen seen = new Seen(name, number, header, slot.version(), file.size());
        view.bulk.put(number, seen);
        for (DamageNote note : damage(seen, List.of(slot))) {
            view.bulkDamage.put(number, note);
        }
    }

    private static List<DamageNote> damage(Seen seen, List<HeaderSlots.Slot> slots) {
        List<DamageNote> notes = new ArrayList<>();
        for (HeaderSlots.Slot slot : slots) {
            if (slot.isDamaged()) {
                String text = slot.name() + " has one wrong bit, and is read as it was";
                notes.add(new DamageNote(SpoolDamage.Kind.HEADER, seen, slot.position(), text));
            }
        }
        return notes;
    }

    private static DamageNote lost(String name, int number, long octets, String why) {
        SegmentHeader unknown = new SegmentHeader(false, 0, 0, 0, 0, 0, octets, 0);
        return new DamageNote(
                SpoolDamage.Kind.HEADER,
                new Seen(name, number, unknown, 0, octets),
                0,
                why + ": nothing in the file can be read");
    }

    private HeaderSlots slots(DiskFile file, String name) throws IOException {
        return new HeaderSlots(slot(file, name, 0), slot(file, name, 1));
    }

    /** Reads a slot; while somebody writes, a bad one is read again. */
    private HeaderSlots.Slot slot(DiskFile file, String name, int parity) throws IOException {
        Path path = directory.resolve(name);
        HeaderSlots.Slot slot = HeaderSlots.readSlot(file, path, parity);
        for (int i = 1; live && slot.isDamaged() && i < TRIES_MAX; i++) {
            slot = HeaderSlots.readSlot(file, path, parity);
        }
        return slot;
    }

    /** Opens a segment for reading; the caller closes its file. */
    Segment open(Seen seen) throws IOException {
        Path path = directory.resolve(seen.name);
        return new Segment(seen.number, path, disk.openRead(path), seen.header);
    }

    /** False when the segment was freed, or used again, since it was seen. */
    boolean isUnchanged(Seen seen, DiskFile file) throws IOException {
        return slots(file, seen.name).verdict() instanceof HeaderSlots.Verdict.Known known
                && seen.isSameUse(known.header());
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

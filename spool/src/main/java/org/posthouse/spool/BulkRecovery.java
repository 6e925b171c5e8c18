package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The bulk segments that are there at the start. They are not read: the accept records of live
 * messages say what is live in them, and a file that none of them refers to is deleted.
 */
final class BulkRecovery {
    private static final Logger LOG = System.getLogger(BulkRecovery.class.getName());

    private final Disk disk;
    private final Path directory;
    private final TreeMap<Integer, BulkSegment> segments = new TreeMap<>();

    /** Files without a valid header: a crash left them, or they are damaged. */
    private final Set<Integer> unreadable = new TreeSet<>();

    private int lastNumber;

    BulkRecovery(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** Opens all files with a valid header. */
    void open() throws IOException {
        for (String name : disk.list(directory)) {
            int number = BulkFiles.NAME.numberOf(name);
            if (number >= 0) {
                lastNumber = Math.max(lastNumber, number);
                open(number, directory.resolve(name));
            }
        }
    }

    private void open(int number, Path path) throws IOException {
        DiskFile file = disk.open(path);
        boolean opened = false;
        try {
            SegmentHeader header = HeaderSlots.readSlot(file, path, 0).header();
            if (header == null || !header.bulk()) {
                unreadable.add(number);
                return;
            }
            segments.put(number, new BulkSegment(number, path, file, header, file.size()));
            opened = true;
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    /**
     * Looks up where a content lies.
     *
     * @return false when some of it is not there
     */
    boolean find(AcceptRecord.Body body, ChunkList into) {
        boolean complete = true;
        int number = 0;
        for (BulkRun run : body.bulk()) {
            BulkSegment segment = find(run);
            if (segment == null || !fits(run, body, number, segment.end)) {
                complete = false;
            } else {
                long position = run.position();
                for (int i = 0; i < run.count(); i++) {
                    int length = body.chunkOctets(number + i);
                    into.add(segment, position, length);
                    position += Frame.octetsFor(length);
                }
            }
            number += run.count();
        }
        return complete && into.count() == body.chunkCount() && into.octets() == body.octets();
    }

    private @Nullable BulkSegment find(BulkRun run) {
        return find(run.file(), run.generation());
    }

    /** A segment that is there, in the use that is meant. */
    @Nullable BulkSegment find(int file, long generation) {
        BulkSegment segment = segments.get(file);
        return segment != null && segment.header.generation() == generation ? segment : null;
    }

    private static boolean fits(BulkRun run, AcceptRecord.Body body, int number, long fileOctets) {
        if (run.position() < SegmentHeader.FRAMES_AT
                || run.count() < 1
                || run.count() > body.chunkCount() - number
                || body.chunkOctets() < 1) {
            return false;
        }
        int last = Frame.octetsFor(body.chunkOctets(number + run.count() - 1));
        long others = (run.count() - 1) * (long) Frame.octetsFor(body.chunkOctets());
        return run.position() + others + last <= fileOctets;
    }

    /**
     * Deletes the files that no message refers to. Only for when all that was read of the log is on
     * disk for certain: what settled their messages must not be lost after them.
     */
    void deleteUnused() {
        for (int number : unreadable) {
            delete(directory.resolve(BulkFiles.NAME.of(number)));
        }
        for (BulkSegment segment : List.copyOf(segments.values())) {
            if (segment.liveOctets == 0 && !segment.kept) {
                segments.remove(segment.number);
                SegmentFiles.close(segment);
                delete(segment.path);
            }
        }
    }

    private void delete(Path path) {
        try {
            disk.delete(path);
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " could not be deleted; the next start will", e);
        }
    }

    /** Those that are left, by number. */
    List<BulkSegment> segments() {
        return List.copyOf(segments.values());
    }

    /** The highest number of a file that is, or was, there. */
    int lastNumber() {
        return lastNumber;
    }
}

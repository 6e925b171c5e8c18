package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Entropy;
import org.posthouse.platform.NoSpaceException;
import org.posthouse.platform.Platform;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The files of the log: makes, uses and frees segments, each step durable before it returns. Used
 * by the recovery, then by the committer alone.
 */
final class SegmentFiles {
    private static final Logger LOG = System.getLogger(SegmentFiles.class.getName());
    static final NumberedName NAME = new NumberedName("segment-");
    private static final int ZEROS_OCTETS = 1 << 20;
    private static final int LOOK_OCTETS = 64 << 10;

    private final Disk disk;
    private final Entropy entropy;
    private final Path directory;
    private final SpoolSettings settings;
    private final ArrayDeque<Segment> free = new ArrayDeque<>();

    /** All whose files are open. */
    private final List<Segment> known = new ArrayList<>();

    private final AtomicInteger lastNumber = new AtomicInteger();

    /** Made in this run. */
    private final AtomicInteger checkpoints = new AtomicInteger();

    private final Queue<Stub> stubs = new ConcurrentLinkedQueue<>();
    private final SegmentPreparer preparer;
    private long lastGeneration;
    private long epoch;

    SegmentFiles(Platform platform, Path directory, SpoolSettings settings) {
        disk = platform.disk();
        entropy = platform.entropy();
        preparer = new SegmentPreparer(platform.time(), this::create);
        this.directory = directory;
        this.settings = settings;
    }

    void generationSeen(long generation) {
        lastGeneration = Math.max(lastGeneration, generation);
    }

    void epoch(long value) {
        epoch = value;
    }

    /** Opens what is there: segments with a valid header; the others are renewed or left aside. */
    Opened openAll() throws IOException {
        List<Segment> segments = new ArrayList<>();
        Map<Integer, Long> generations = new TreeMap<>();
        int damaged = 0;
        disk.forceDirectory(directory); // a killed process may have made files without forcing it
        for (String name : disk.list(directory)) {
            int number = NAME.numberOf(name);
            if (number < 0) {
                continue;
            }
            lastNumber.accumulateAndGet(number, Math::max);
            Path path = directory.resolve(name);
            DiskFile file = disk.open(path);
            SegmentHeader header;
            try {
                header = header(file, path, false);
            } catch (IOException | SpoolException e) {
                file.close();
                throw e;
            }
            if (header != null && !header.inUse() && file.size() <= SegmentHeader.FRAMES_AT) {
                file.close();
                stubs.add(new Stub(path, 0));
                generations.put(number, header.generation());
            } else if (header != null) {
                segments.add(new Segment(number, path, file, header));
                known.add(segments.getLast());
                generations.put(number, header.generation());
            } else if (isUnborn(file)) {
                file.close();
                disk.delete(path);
            } else {
                damaged++;
                LOG.log(Level.ERROR, "{0} has no valid header and is left aside", path);
                file.close();
            }
        }
        return new Opened(segments, generations, damaged);
    }

    /**
     * What was found.
     *
     * @param generations by the numbers of all files that are, or were, segments
     * @param damaged how many files could not be made sense of
     */
    record Opened(List<Segment> segments, Map<Integer, Long> generations, int damaged) {}

    /** What is left of a deleted segment, until no checkpoint speaks of it any more. */
    private record Stub(Path path, int checkpointsBefore) {}

    SpoolSettings settings() {
        return settings;
    }

    /** A checkpoint is durable: what only older ones speak of may go. */
    void checkpointMade() {
        int made = checkpoints.incrementAndGet();
        stubs.removeIf(
                stub -> {
                    boolean isOld = stub.checkpointsBefore + Checkpoints.KEPT <= made;
                    return isOld && delete(stub.path);
                });
    }

    private boolean delete(Path path) {
        try {
            disk.delete(path);
            return true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " could not be deleted", e);
            return false;
        }
    }

    /**
     * The valid header with the higher number; null when there is none of this kind. One that lost
     * a bit counts, too: else the one before it would be taken, which may say that the segment is
     * free.
     */
    static @Nullable SegmentHeader header(DiskFile file, Path path, boolean bulk)
            throws IOException {
        SegmentHeader found = null;
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer octets = ByteBuffer.allocate(SegmentHeader.OCTETS);
            long position = SegmentHeader.slotOf(slot);
            file.read(octets, position);
            SegmentHeader header =
                    switch (SegmentHeader.decode(octets.flip(), position)) {
                        case SegmentHeader.Slot.Invalid invalid -> repaired(octets, position, path);
                        case SegmentHeader.Slot.Other other ->
                                throw new SpoolException(
                                        SpoolException.NEWER_FORMAT,
                                        path
                                                + " has format version "
                                                + other.version()
                                                + "; this program knows "
                                                + SegmentHeader.VERSION,
                                        null);
                        case SegmentHeader.Slot.Valid valid -> valid.header();
                    };
            if (header != null && (found == null || header.number() > found.number())) {
                found = header;
            }
        }
        return found == null || found.bulk() != bulk ? null : found;
    }

    private static @Nullable SegmentHeader repaired(ByteBuffer octets, long position, Path path) {
        SegmentHeader header = SegmentHeader.repaired(octets, position);
        if (header != null) {
            LOG.log(
                    Level.ERROR,
                    "{0}: one bit of the header at octet {1} is wrong, and was put right",
                    path,
                    Long.toString(position));
        }
        return header;
    }

    /** True for a file whose making a crash interrupted: no octet behind the header is set. */
    static boolean isUnborn(DiskFile file) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(LOOK_OCTETS);
        for (long at = SegmentHeader.FRAMES_AT; file.read(octets, at) > 0; ) {
            octets.flip();
            at += octets.remaining();
            while (octets.hasRemaining()) {
                if (octets.get() != 0) {
                    return false;
                }
            }
            octets.clear();
        }
        return true;
    }

    /**
     * Puts a segment whose header says free among the free ones. The header is written and forced
     * again: after a failed force it may have been read from memory only.
     */
    void adoptFree(Segment segment) throws IOException {
        write(segment, segment.header);
        keepOrDelete(segment);
    }

    /**
     * A segment to write to, its header forced.
     *
     * @param settling true: the reserve may be used
     * @throws NoSpaceException when there is no room for another
     */
    Segment use(long firstSequence, long lastId, boolean settling) throws IOException {
        Segment segment = null;
        if (free.size() > (settling ? 0 : settings.reserveSegments())) {
            segment = free.poll();
        }
        if (segment == null) {
            segment = another();
        }
        long salt = salt(entropy);
        SegmentHeader header =
                new SegmentHeader(
                        true,
                        segment.header.number() + 1,
                        ++lastGeneration,
                        epoch,
                        firstSequence,
                        lastId,
                        segment.header.segmentOctets(),
                        salt);
        try {
            write(segment, header);
        } catch (IOException e) {
            // free or in use and empty: the next start will see
            forget(segment);
            throw e;
        }
        segment.active = true;
        return segment;
    }

    /** The active segment fills: unless one is free, another is made meanwhile. */
    void prepare() {
        if (free.size() <= settings.reserveSegments()) {
            preparer.want();
        }
    }

    /** Makes segments ahead; runs on a thread of its own. */
    SegmentPreparer preparer() {
        return preparer;
    }

    /** Makes segments until the reserve is whole. */
    void fillReserve() throws IOException {
        while (!isReserveWhole()) {
            free.add(another());
        }
    }

    /**
     * False once a header of a later generation was written, or tried: it may be on the disk, and
     * would make void what is written here from now on.
     */
    boolean isNewest(Segment segment) {
        return segment.header.generation() == lastGeneration;
    }

    /**
     * True when a free segment may be taken.
     *
     * @param share one of so many of the reserve has to be left; 0: none
     */
    boolean mayTake(int share) {
        int left = share == 0 ? 0 : settings.reserveSegments() / share;
        return free.size() > left;
    }

    boolean hasFree() {
        return !free.isEmpty();
    }

    boolean isReserveWhole() {
        return free.size() >= settings.reserveSegments();
    }

    /** Frees a segment in which nothing is live; when this returns, the disk knows. */
    void release(Segment segment, long nextSequence, long lastId) throws IOException {
        SegmentHeader used = segment.header;
        SegmentHeader header =
                new SegmentHeader(
                        false,
                        used.number() + 1,
                        used.generation(),
                        epoch,
                        nextSequence,
                        lastId,
                        used.segmentOctets(),
                        used.salt());
        write(segment, header);
        keepOrDelete(segment);
    }

    private void keepOrDelete(Segment segment) {
        boolean fits = segment.header.segmentOctets() == settings.segmentOctets();
        if (fits && free.size() < settings.spareSegments()) {
            free.add(segment);
            return;
        }
        try {
            segment.file.truncate(SegmentHeader.FRAMES_AT);
            stubs.add(new Stub(segment.path, checkpoints.get()));
        } catch (IOException e) {
            LOG.log(Level.WARNING, segment.path + " could not be cut", e);
        }
        forget(segment);
    }

    private void forget(Segment segment) {
        known.remove(segment);
        close(segment);
    }

    private Segment another() throws IOException {
        Segment ready = preparer.poll();
        Segment segment = ready == null ? create() : ready;
        known.add(segment);
        return segment;
    }

    /** Makes a free segment; the preparer calls this, too. */
    private Segment create() throws IOException {
        int octets = settings.segmentOctets();
        if (disk.usableOctets(directory) < octets + settings.spaceReserveOctets()) {
            throw new NoSpaceException(directory + ": no room for another segment");
        }
        int number = lastNumber.incrementAndGet();
        Path path = directory.resolve(NAME.of(number));
        DiskFile file = disk.create(path);
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(octets, ZEROS_OCTETS));
            for (long at = 0; at < octets; at += zeros.capacity()) {
                file.write(zeros.clear().limit((int) Math.min(octets - at, zeros.limit())), at);
            }
            SegmentHeader header = new SegmentHeader(false, 1, 0, epoch, 0, 0, octets, 0);
            Segment segment = new Segment(number, path, file, header);
            write(segment, header);
            disk.forceDirectory(directory);
            return segment;
        } catch (IOException e) {
            abandon(disk, file, path);
            throw e;
        }
    }

    /** Gets rid of a file that could not be made. */
    static void abandon(Disk disk, DiskFile file, Path path) {
        try {
            file.close();
            disk.delete(path);
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " could not be deleted", e);
        }
    }

    private static void write(Segment segment, SegmentHeader header) throws IOException {
        try {
            segment.file.write(header.encode(), SegmentHeader.slotOf(header.number()));
            segment.file.force();
            segment.header = header;
        } catch (IOException e) {
            segment.kept = true;
            throw e;
        }
    }

    static long salt(Entropy entropy) {
        var octets = new byte[Long.BYTES];
        entropy.fill(octets);
        return ByteBuffer.wrap(octets).getLong();
    }

    /** All whose files are open; the preparer has ended. */
    List<Segment> known() {
        Segment ready = preparer.poll();
        if (ready != null) {
            known.add(ready);
        }
        return known;
    }

    static void close(Segment segment) {
        try {
            segment.file.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, segment.path + " could not be closed", e);
        }
    }
}

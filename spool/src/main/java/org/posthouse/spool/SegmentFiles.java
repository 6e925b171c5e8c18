package org.posthouse.spool;

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

    /**
     * Never written to. Small: the system keeps in one piece in memory what is written with one
     * call, and forcing a few octets of a large piece takes longer each time.
     */
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(16 << 10).asReadOnlyBuffer();

    /** Zeros are forced in pieces: commits beside it wait for one at most. */
    private static final int FORCE_OCTETS = 8 << 20;

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

    long lastGeneration() {
        return lastGeneration;
    }

    void epoch(long value) {
        epoch = value;
    }

    /**
     * Opens what is there: segments whose newest header is known; the others are renewed, or left
     * aside for good.
     */
    Opened openAll() throws IOException {
        var opened = new Opened();
        disk.forceDirectory(directory); // a killed process may have made files without forcing it
        for (String name : disk.list(directory)) {
            int number = NAME.numberOf(name);
            if (number < 0) {
                continue;
            }
            lastNumber.accumulateAndGet(number, Math::max);
            Path path = directory.resolve(name);
            DiskFile file = disk.open(path);
            boolean keptOpen = false;
            try {
                keptOpen = open(number, path, file, opened);
            } finally {
                if (!keptOpen) {
                    file.close();
                }
            }
        }
        return opened;
    }

    private boolean open(int number, Path path, DiskFile file, Opened opened) throws IOException {
        return switch (judged(HeaderSlots.read(file, path), file)) {
            case HeaderSlots.Verdict.Known known -> open(number, path, file, known, opened);
            case HeaderSlots.Verdict.None none -> {
                if (isUnborn(file)) {
                    disk.delete(path);
                } else {
                    opened.lost(path, "both headers are gone");
                }
                yield false;
            }
            case HeaderSlots.Verdict.Lost lost -> {
                opened.lost(path, lost.why());
                yield false;
            }
        };
    }

    private boolean open(
            int number, Path path, DiskFile file, HeaderSlots.Verdict.Known verdict, Opened opened)
            throws IOException {
        SegmentHeader header = verdict.header();
        if (header.bulk()) {
            opened.lost(path, "its header is that of another kind of file");
            return false;
        }
        generationSeen(header.generation());
        opened.generations.put(number, header.generation());
        if (!header.inUse() && file.size() <= SegmentHeader.FRAMES_AT) {
            stubs.add(new Stub(path, 0));
            return false;
        }
        Segment segment = new Segment(number, path, file, header);
        if (verdict.mended()) {
            LOG.log(Level.ERROR, "{0}: one bit of the header was wrong and is put right", path);
            write(segment, header);
            opened.mended.add(segment);
        }
        opened.segments.add(segment);
        known.add(segment);
        return true;
    }

    /** What was found. */
    static final class Opened {
        private final List<Segment> segments = new ArrayList<>();
        private final List<Segment> mended = new ArrayList<>();
        private final Map<Integer, Long> generations = new TreeMap<>();
        private int damaged;

        /** Those whose newest header is known. */
        List<Segment> segments() {
            return segments;
        }

        /** Those of them whose header had a wrong bit: an earlier start may not have seen them. */
        List<Segment> mended() {
            return mended;
        }

        /** By the numbers of all files that are, or were, segments. */
        Map<Integer, Long> generations() {
            return generations;
        }

        /** How many files could not be made sense of. */
        int damaged() {
            return damaged;
        }

        /**
         * True when a file may hold newer frames than all others: ids, sequences, generations and
         * epochs that may have been used there are left out.
         */
        boolean isAnyLost() {
            return damaged > 0;
        }

        private void lost(Path path, String why) {
            damaged++;
            LOG.log(Level.ERROR, "{0} is damaged and left aside: {1}", path, why);
        }
    }

    /** What the headers of a segment of the log tell, and whether its octets agree. */
    static HeaderSlots.Verdict judged(HeaderSlots slots, DiskFile file) throws IOException {
        HeaderSlots.Verdict verdict = slots.verdict();
        if (verdict instanceof HeaderSlots.Verdict.Known known
                && known.header().number() == SegmentHeader.firstNumber(false)
                && !isBlank(file, LOOK_OCTETS)) {
            return new HeaderSlots.Verdict.Lost("it is said to be unused, but was used");
        }
        return verdict;
    }

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

    /** True for a file whose making a crash interrupted: no octet behind the header is set. */
    static boolean isUnborn(DiskFile file) throws IOException {
        return isBlank(file, Long.MAX_VALUE - SegmentHeader.FRAMES_AT);
    }

    /** True when so many octets behind the header are zeros, or not there. */
    private static boolean isBlank(DiskFile file, long count) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(LOOK_OCTETS);
        long end = SegmentHeader.FRAMES_AT + count;
        for (long at = SegmentHeader.FRAMES_AT; at < end && file.read(octets, at) > 0; ) {
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
        segment.used();
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
            fill(file, octets);
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

    private static void fill(DiskFile file, int octets) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        for (int at = 0; at < octets; at += ZEROS.capacity()) {
            file.write(zeros.clear().limit(Math.min(octets - at, zeros.limit())), at);
            if (at > 0 && at % FORCE_OCTETS == 0) {
                file.force();
            }
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

    /**
     * Makes a header durable. Before the other slot gets the next one, the present one must be on
     * the disk for certain: after a failed force it may have been read from memory only.
     */
    private static void write(Segment segment, SegmentHeader header) throws IOException {
        try {
            if (!segment.headerSecured && header.number() != segment.header.number()) {
                writeAndForce(segment, segment.header);
            }
            writeAndForce(segment, header);
            segment.headerSecured = true;
            segment.header = header;
        } catch (IOException e) {
            segment.kept = true;
            throw e;
        }
    }

    private static void writeAndForce(Segment segment, SegmentHeader header) throws IOException {
        segment.file.write(header.encode(), SegmentHeader.slotOf(header.number()));
        segment.file.force();
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

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
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bulk segments: files that the sessions' own threads write large content to, beside the log
 * (docs/spool-format.md section 10). One of them is active: a sink reserves room at its end, under
 * a short lock, and writes there while others write elsewhere. Nothing is written twice, and a
 * segment in which nothing is live is deleted.
 *
 * <p>The lock may be taken while the index' lock is held, never the other way round; no file is
 * touched under it.
 */
final class BulkFiles {
    static final NumberedName NAME = new NumberedName("bulk-");

    private static final Logger LOG = System.getLogger(BulkFiles.class.getName());
    private static final int NUMBER_MAX = 99_999_999;
    private static final int GENERATION_BITS = 32;

    final BulkForcer forcer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition made = lock.newCondition();
    private final Disk disk;
    private final Entropy entropy;
    private final Path directory;
    private final SpoolSettings settings;
    private final Index index;

    /** All whose files are open, by number; guarded by the lock, as is what follows. */
    private final TreeMap<Integer, BulkSegment> segments = new TreeMap<>();

    private @Nullable BulkSegment active;
    private boolean making;
    private boolean closed;
    private int lastNumber;

    /** Octets that were reserved since {@link #takeWritten}. */
    private long written;

    /** Of an epoch and a counter: never the same twice, whatever files are left. */
    private long lastGeneration;

    /** With what was found at the start. */
    BulkFiles(
            Platform platform,
            Path directory,
            SpoolSettings settings,
            Index index,
            BulkRecovery found) {
        disk = platform.disk();
        entropy = platform.entropy();
        this.directory = directory;
        this.settings = settings;
        this.index = index;
        lastGeneration = index.epoch() << GENERATION_BITS;
        forcer = new BulkForcer(this, platform, directory, lock);
        lastNumber = found.lastNumber();
        for (BulkSegment segment : found.segments()) {
            segment.files = this;
            segments.put(segment.number, segment);
        }
    }

    /** Where a sink may write. */
    record Place(BulkSegment segment, long position) {}

    /** A place for a large content. */
    BulkWriter writer(long contentId, int chunkOctets) {
        return new BulkWriter(this, contentId, chunkOctets, settings.bulkSegmentOctets());
    }

    /** Octets up to which a segment grows. */
    int segmentOctets() {
        return settings.bulkSegmentOctets();
    }

    /**
     * Reserves room in the active segment, or in a new one. The sink counts among those of the
     * segment until {@link #release}.
     *
     * @param held where the sink has reserved before, so that it is counted once
     */
    Place reserve(int octets, @Nullable BulkSegment held) throws IOException {
        Place place = poll(octets, held);
        while (place == null) {
            make();
            place = poll(octets, held);
        }
        return place;
    }

    /** Null when the caller has to make a segment. */
    private @Nullable Place poll(int octets, @Nullable BulkSegment held) throws IOException {
        lock.lock();
        try {
            while (true) {
                if (closed) {
                    throw new IOException("the spool is closed");
                }
                BulkSegment segment = active;
                if (segment != null && segment.hasRoom(octets)) {
                    long position = segment.end;
                    segment.end += octets;
                    written += octets;
                    segment.sinks += segment == held ? 0 : 1;
                    return new Place(segment, position);
                }
                if (!making) {
                    making = true;
                    return null;
                }
                made.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void make() throws IOException {
        BulkSegment fresh = null;
        try {
            fresh = create(nextNumber());
        } finally {
            made(fresh);
        }
    }

    private int nextNumber() {
        lock.lock();
        try {
            do {
                lastNumber = lastNumber % NUMBER_MAX + 1;
            } while (segments.containsKey(lastNumber));
            lastGeneration++;
            return lastNumber;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A file with a header, neither of them forced: that comes with the first force of what sinks
     * write, before any of it is relied on.
     */
    private BulkSegment create(int number) throws IOException {
        int octets = settings.bulkSegmentOctets();
        if (disk.usableOctets(directory) < octets + settings.spaceReserveOctets()) {
            throw new NoSpaceException(directory + ": no room for another bulk segment");
        }
        Path path = directory.resolve(NAME.of(number));
        DiskFile file = disk.create(path);
        try {
            long salt = SegmentFiles.salt(entropy);
            SegmentHeader header =
                    new SegmentHeader(
                            true, 0, lastGeneration, index.epoch(), 0, 0, octets, salt, true);
            file.write(header.encode(), SegmentHeader.slotOf(header.number()));
            return new BulkSegment(number, path, file, header, SegmentHeader.FRAMES_AT);
        } catch (IOException e) {
            SegmentFiles.abandon(disk, file, path);
            throw e;
        }
    }

    /** Sinks go on in the fresh segment; where there is none, the next of them tries. */
    private void made(@Nullable BulkSegment fresh) {
        BulkSegment left = fresh;
        lock.lock();
        try {
            making = false;
            made.signalAll();
            if (fresh != null && !closed) {
                left = active;
                active = fresh;
                fresh.files = this;
                segments.put(fresh.number, fresh);
            }
        } finally {
            lock.unlock();
        }
        if (left == fresh) {
            close(left);
        } else {
            reconsiderNow(left);
        }
    }

    private static void close(@Nullable BulkSegment unused) {
        if (unused != null) {
            SegmentFiles.close(unused);
        }
    }

    /** A write or a force failed: what was not forced is lost, and nothing more goes there. */
    void fail(BulkSegment segment, IOException e) {
        boolean first;
        boolean expected;
        lock.lock();
        try {
            expected = closed;
            first = segment.failure == null;
            if (first) {
                segment.failure = Outcome.of(e);
            }
            if (active == segment) {
                active = null;
            }
            forcer.wakeWaiters();
        } finally {
            lock.unlock();
        }
        if (first && !expected) {
            LOG.log(Level.ERROR, segment + " failed and is left", e);
        }
        reconsiderNow(segment);
    }

    /** A sink was accepted or given up: it keeps these segments no longer. */
    void release(List<BulkSegment> held) {
        index.lock.lock();
        try {
            lock.lock();
            try {
                held.forEach(segment -> segment.sinks--);
            } finally {
                lock.unlock();
            }
            held.forEach(this::reconsider);
        } finally {
            index.lock.unlock();
        }
    }

    private void reconsiderNow(@Nullable BulkSegment segment) {
        if (segment == null) {
            return;
        }
        index.lock.lock();
        try {
            reconsider(segment);
        } finally {
            index.lock.unlock();
        }
    }

    /** Has a segment deleted when nothing keeps it any more; the caller holds the index' lock. */
    void reconsider(BulkSegment segment) {
        if (segment.liveOctets > 0 || segment.readers > 0 || segment.kept) {
            return;
        }
        lock.lock();
        try {
            if (!closed && !segment.dead && segment.sinks == 0 && segment != active) {
                segment.dead = true;
                segments.remove(segment.number);
                forcer.delete(segment);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those that get no more octets. */
    List<BulkSegment> left() {
        lock.lock();
        try {
            return segments.values().stream().filter(segment -> segment != active).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Octets that were written since the last call. */
    long takeWritten() {
        lock.lock();
        try {
            long taken = written;
            written = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Lets no sink write any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            made.signalAll();
            forcer.close();
        } finally {
            lock.unlock();
        }
    }

    /** All whose files are open; for after the end of the forcing thread. */
    List<BulkSegment> known() {
        lock.lock();
        try {
            return List.copyOf(segments.values());
        } finally {
            lock.unlock();
        }
    }
}

package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Disk;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Signal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forces bulk segments, one force for all who wait for the same one, and deletes dead ones. A
 * thread of its own, because both block the thread that does them.
 *
 * <p>Forces of a segment are counted: whoever asks waits for the end of the next one to begin,
 * which covers all that was written before it was asked for. A failed one is never tried again.
 */
final class BulkForcer implements Runnable {
    private static final Logger LOG = System.getLogger(BulkForcer.class.getName());

    private final BulkFiles files;
    private final Disk disk;
    private final Path directory;
    private final ReentrantLock lock;
    private final Signal work;
    private final Condition over;

    /** Guarded by the lock, as is what follows. */
    private final ArrayDeque<BulkSegment> queue = new ArrayDeque<>();

    private boolean closing;

    BulkForcer(BulkFiles files, Platform platform, Path directory, ReentrantLock lock) {
        this.files = files;
        this.disk = platform.disk();
        this.directory = directory;
        this.lock = lock;
        work = platform.time().signal();
        over = lock.newCondition();
    }

    /**
     * Asks for a force of what was written to a segment up to now.
     *
     * @return what to wait for
     */
    long want(BulkSegment segment) {
        lock.lock();
        try {
            add(segment);
            return segment.roundsBegun + 1;
        } finally {
            lock.unlock();
        }
    }

    /** Has a dead segment deleted; the caller holds the lock. */
    void delete(BulkSegment segment) {
        add(segment);
    }

    private void add(BulkSegment segment) {
        if (!segment.queued) {
            segment.queued = true;
            queue.add(segment);
            work.raise();
        }
    }

    /** Waits for the end of a force; false when it failed, or will not come. */
    boolean await(BulkSegment segment, long round) {
        lock.lock();
        try {
            while (segment.roundsDone < round && segment.failure == null && !closing) {
                over.awaitUninterruptibly();
            }
            return segment.roundsDone >= round && segment.failure == null;
        } finally {
            lock.unlock();
        }
    }

    /** Something failed; the caller holds the lock. */
    void wakeWaiters() {
        over.signalAll();
    }

    @Override
    public void run() {
        try {
            BulkSegment segment = next();
            while (segment != null) {
                if (segment.dead) {
                    delete(segment.path, segment);
                } else {
                    force(segment);
                }
                segment = next();
            }
        } finally {
            files.close();
        }
    }

    /** Waits for something to do; null once closed, when all that is dead was deleted. */
    private @Nullable BulkSegment next() {
        while (true) {
            lock.lock();
            try {
                BulkSegment segment = queue.poll();
                while (segment != null && !begins(segment)) {
                    segment = queue.poll();
                }
                if (segment != null || closing) {
                    return segment;
                }
            } finally {
                lock.unlock();
            }
            awaitWork();
        }
    }

    /** Nobody interrupts this thread; if somebody does, it works on. */
    private void awaitWork() {
        try {
            boolean unused = work.await(Deadline.NEVER);
        } catch (InterruptedException e) {
            LOG.log(Level.WARNING, "the thread that forces was interrupted, and goes on");
        }
    }

    private boolean begins(BulkSegment segment) {
        if (segment.dead) {
            return true; // stays marked: no second time
        }
        segment.queued = false;
        if (closing || segment.failure != null) {
            return false;
        }
        segment.roundsBegun++;
        return true;
    }

    private void force(BulkSegment segment) {
        try {
            segment.file.force();
            if (!segment.named) {
                disk.forceDirectory(directory);
                segment.named = true;
            }
        } catch (IOException e) {
            files.fail(segment, e);
            return;
        }
        lock.lock();
        try {
            segment.roundsDone = segment.roundsBegun;
            over.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void delete(Path path, BulkSegment segment) {
        SegmentFiles.close(segment);
        try {
            disk.delete(path);
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " could not be deleted; the next start will", e);
        }
    }

    /** Forces nothing any more; the caller holds the lock. */
    void close() {
        closing = true;
        work.raise();
        over.signalAll();
    }
}

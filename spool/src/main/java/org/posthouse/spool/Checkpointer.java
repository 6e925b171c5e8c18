package org.posthouse.spool;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a checkpoint when so much log was written since the last one that reading it at a start
 * would take long, on a thread of its own. Losing one costs time at the next start, nothing else.
 */
final class Checkpointer implements Runnable {
    private static final Logger LOG = System.getLogger(Checkpointer.class.getName());

    /** The log may grow by so many times the last checkpoint: writing more often costs more. */
    private static final int LOG_TO_CHECKPOINT = 2;

    private final Checkpoints files;
    private final SegmentFiles segments;
    private final Index index;
    private final Inbox inbox;
    private final long everyOctets;
    private final Signal wake;
    private final AtomicLong written = new AtomicLong();
    private volatile long lastOctets;
    private volatile boolean closing;

    Checkpointer(
            TimeSource time, Checkpoints files, SegmentFiles segments, Index index, Inbox inbox) {
        this.files = files;
        this.segments = segments;
        this.index = index;
        this.inbox = inbox;
        everyOctets = segments.settings().checkpointOctets();
        wake = time.signal();
    }

    /** So much log was written, or had to be read. */
    void written(long octets) {
        if (written.addAndGet(octets) >= dueAt()) {
            wake.raise();
        }
    }

    private long dueAt() {
        return Math.max(everyOctets, LOG_TO_CHECKPOINT * lastOctets);
    }

    @Override
    public void run() {
        try {
            while (wake.await(Deadline.NEVER) && !closing) {
                if (written.get() >= dueAt()) {
                    take();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "interrupted: no more checkpoints in this run");
        }
    }

    /** The last one, before the end: where it spares the next start some reading. */
    void takeLast() {
        if (written.get() > everyOctets / 4) {
            take();
        }
    }

    private void take() {
        long before = written.get();
        try {
            long octets = files.make(this::fill);
            if (octets > 0) {
                lastOctets = octets;
                segments.checkpointMade();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "no checkpoint was made", e);
        }
        written.addAndGet(-before);
    }

    private boolean fill(BlockFile file) throws IOException {
        Optional<Snapshot> from = look(true);
        try {
            if (from.isEmpty()) {
                return false;
            }
            var writer = new CheckpointWriter(file, index);
            writer.write(from.get());
            Optional<Snapshot> to = look(false);
            if (to.isEmpty()) {
                return false;
            }
            writer.end(to.get().sequence());
            return true;
        } finally {
            letGo();
        }
    }

    private Optional<Snapshot> look(boolean holding) {
        var item = new SnapshotItem(holding);
        return inbox.offer(item) ? item.await() : Optional.empty();
    }

    private void letGo() {
        index.lock.lock();
        try {
            index.slots.letGo();
            index.domains.letGo();
        } finally {
            index.lock.unlock();
        }
    }

    /** Lets the thread end. */
    void close() {
        closing = true;
        wake.raise();
    }
}

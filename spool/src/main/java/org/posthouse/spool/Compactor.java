package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Empties sparse segments, of the log and bulk ones: copies what is live in one to the active
 * segment, by way of the committer, on a thread of its own. A message that is being settled
 * meanwhile is left for the next time; one that is being moved is not settled before that has ended
 * ({@link Index#begin}).
 */
final class Compactor implements Runnable {
    private static final Logger LOG = System.getLogger(Compactor.class.getName());

    /** Where nothing happens, segments are looked at this often. */
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    /** Live octets that are copied in one commit, or a little more. */
    private final int batchOctets;

    private final TimeSource time;
    private final Index index;
    private final Inbox inbox;
    private final BulkMover bulk;
    private final Signal wake;
    private final AtomicReference<@Nullable Segment> wanted = new AtomicReference<>();
    private volatile boolean busy;
    private volatile boolean closing;

    Compactor(TimeSource time, Index index, Inbox inbox, BulkMover bulk, int batchOctets) {
        this.index = index;
        this.inbox = inbox;
        this.bulk = bulk;
        this.batchOctets = batchOctets;
        this.time = time;
        wake = time.signal();
    }

    boolean isIdle() {
        return !busy && !closing;
    }

    /** Empties a segment; the committer calls this while it is idle. */
    void empty(Segment segment) {
        busy = true;
        index.lock.lock();
        try {
            segment.readers++;
        } finally {
            index.lock.unlock();
        }
        wanted.set(segment);
        wake.raise();
    }

    @Override
    public void run() {
        try {
            while (!closing) {
                boolean raised = wake.await(time.after(LOOK_EVERY));
                Segment segment = wanted.getAndSet(null);
                if (segment != null) {
                    compact(segment);
                } else if (!raised) {
                    tell(new SnapshotItem(false));
                }
                bulk.run(() -> closing || wanted.get() != null);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "interrupted: nothing is compacted any more in this run");
        }
    }

    private void compact(Segment segment) {
        long before = segment.liveOctets;
        Item tells = new SnapshotItem(false);
        try {
            if (move(segment)) {
                tells = new PassedItem(segment);
            }
            LOG.log(Level.DEBUG, "{0}: {1} live octets were moved", segment, before);
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, segment + " can't be emptied", e);
        } finally {
            index.lock.lock();
            try {
                segment.readers--;
            } finally {
                index.lock.unlock();
            }
            busy = false;
            tell(tells);
        }
    }

    /** Has the committer look whether a segment is empty, and whether to empty another. */
    private void tell(Item item) {
        boolean unused = inbox.offer(item);
    }

    /** False when there is something in the segment that no pass could read so far. */
    private boolean move(Segment segment) throws IOException {
        var copier = new LiveCopier(index, segment);
        var pass = new UncopiedParts.Pass(segment);
        boolean ended = false;
        try {
            for (SegmentScan.Found frame : SegmentScan.scan(segment, SegmentHeader.FRAMES_AT)) {
                if (closing) {
                    return false;
                }
                boolean counts = pass.comesTo(frame);
                if (counts && frame.type() == Frame.COMMIT && frame.whole()) {
                    copier.copy(frame);
                }
                if (copier.octets() >= batchOctets) {
                    commit(copier);
                    segment.uncopied.keep(pass.unread());
                }
            }
            ended = true;
        } finally {
            if (!ended) {
                copier.abandonRest();
            }
        }
        commit(copier);
        segment.uncopied.keep(pass.unreadInAll());
        return segment.uncopied.isEmpty();
    }

    private void commit(LiveCopier copier) throws IOException {
        MoveItem item = copier.take();
        if (item == null) {
            return;
        }
        Outcome outcome = inbox.offer(item) ? item.await() : Outcome.UNAVAILABLE;
        if (outcome != Outcome.DONE) {
            copier.abandon(item.moves);
            throw new IOException("the spool can't write: " + outcome);
        }
    }

    /** Lets the thread end. */
    void close() {
        closing = true;
        wake.raise();
    }
}

package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one thread that writes the log. A batch is what gathered while the last force ran: it is
 * written with one call where it fits the buffer, forced once, brought into the index, and its
 * waiters are woken. A failed write or force poisons the segment (docs/spool-format.md section 8).
 */
final class Committer implements Runnable {
    private static final Logger LOG = System.getLogger(Committer.class.getName());

    /** A settlement is written again so often after failures. */
    private static final int LOST_MAX = 2;

    /** With so many poisoned segments, nothing is written until the next start. */
    private static final int POISONED_MAX = 16;

    private final Inbox inbox;
    private final LogWriter writer;
    private final SegmentFiles files;
    private final Ledger ledger;
    private final IdSource ids;
    private final TimeSource time;
    private final Checkpointer checkpointer;
    private final int batchOctetsMax;

    /** Put into the writer and neither forced nor failed. */
    private List<CommitItem> batch = new ArrayList<>();

    private int batchOctets;
    private boolean broken;
    private boolean onReserve;
    private int poisonedCount;
    private long poisonedAt;

    /** The last look for a segment failed; the next one has to wait a little. */
    private boolean lookFailed;

    private long lookFailedAt;
    private CommitItem.Outcome lookFailure = CommitItem.Outcome.UNAVAILABLE;

    Committer(
            Inbox inbox, LogWriter writer, SegmentFiles files, Ledger ledger, Surroundings around) {
        this.inbox = inbox;
        this.writer = writer;
        this.files = files;
        this.ledger = ledger;
        ids = around.ids;
        time = around.time;
        checkpointer = around.checkpointer;
        batchOctetsMax = around.batchOctetsMax;
        onReserve = !files.isReserveWhole();
    }

    /** What a committer gets from outside. */
    record Surroundings(
            IdSource ids, TimeSource time, Checkpointer checkpointer, int batchOctetsMax) {}

    @Override
    public void run() {
        Item items = null;
        boolean ended = false;
        try {
            while ((items = inbox.take()) != null) {
                work(items);
                checkpointer.written(writer.takeWritten());
                freeSegments();
                if (writer.isHalfFull()) {
                    files.prepare();
                }
            }
            ended = true;
        } finally {
            if (!ended) {
                inbox.close();
                abandonAll(items);
            }
        }
    }

    /** A defect, or no memory: nobody shall wait for ever. */
    private void abandonAll(@Nullable Item items) {
        LOG.log(Level.ERROR, "the spool stops");
        keepContents(batch);
        batch.forEach(item -> item.complete(CommitItem.Outcome.UNAVAILABLE));
        Item rest = items;
        do {
            for (Item item = rest; item != null; item = item.next) {
                if (item instanceof CommitItem commit) {
                    commit.complete(CommitItem.Outcome.UNAVAILABLE);
                }
            }
            rest = inbox.take();
        } while (rest != null);
    }

    private void work(Item first) {
        long octets = 0;
        for (Item item = first; item != null; item = item.next) {
            octets += item.octets();
            switch (item) {
                case CommitItem commit -> place(commit);
                case SnapshotItem snapshot -> snapshot.complete(look(snapshot));
                case EndItem end -> {}
            }
        }
        force();
        inbox.release(octets);
    }

    /** Where the log stands: what came before is forced first. */
    private Optional<Snapshot> look(SnapshotItem item) {
        force();
        if (broken) {
            return Optional.empty();
        }
        return Optional.of(ledger.snapshot(writer.position(ids.last()), item.isHolding()));
    }

    /** Puts a commit into the batch, in another segment where need be. */
    private void place(CommitItem item) {
        if (!hasPlace(item)) {
            return;
        }
        batch.add(item);
        try {
            if (!item.arrivals.isEmpty()) {
                item.firstId = ids.next(item.arrivals.size());
            }
            for (Part part : item.parts) {
                writer.put(part, item.firstId);
            }
        } catch (IOException e) {
            poison(e);
            return;
        }
        batchOctets += item.octets();
        if (batchOctets >= batchOctetsMax) {
            force();
        }
    }

    /** Makes sure that there is a segment for a commit; otherwise refuses it. */
    private boolean hasPlace(CommitItem item) {
        boolean settling = item.isSettlement();
        if (!broken && !settling && onReserve && !leavesReserve()) {
            item.complete(CommitItem.Outcome.NO_SPACE);
            return false;
        }
        if (fits(item)) {
            return true;
        }
        if (!broken) {
            force();
        }
        // a failed force may have opened another segment, or none
        return fits(item) || nextSegment(item, settling);
    }

    private boolean fits(CommitItem item) {
        return !broken && files.isNewest(writer.active()) && writer.fits(item.octets());
    }

    private boolean nextSegment(CommitItem item, boolean settling) {
        boolean useless = broken && poisonedCount >= POISONED_MAX;
        boolean tooSoon = lookFailed && !isTimeToLook() && !(settling && files.hasFree());
        if (useless || tooSoon) {
            item.complete(lookFailure);
            return false;
        }
        try {
            open(settling);
            return true;
        } catch (IOException e) {
            lookFailed(e);
            item.complete(lookFailure);
            return false;
        }
    }

    private void open(boolean settling) throws IOException {
        Segment left = writer.active();
        Segment fresh = fresh(settling);
        left.active = false;
        ledger.add(fresh);
        if (left.poisoned) {
            left.hold(fresh, Segment.HOLD_OCTETS); // its header says from where on that one is void
        }
        writer.enter(fresh);
        broken = false;
        onReserve = !files.isReserveWhole();
    }

    private Segment fresh(boolean settling) throws IOException {
        try {
            Segment fresh = files.use(writer.firstUnforced(), ids.last(), false);
            lookFailed = false;
            return fresh;
        } catch (IOException e) {
            if (!settling || !files.hasFree()) {
                throw e;
            }
            lookFailed(e);
            return files.use(writer.firstUnforced(), ids.last(), true);
        }
    }

    /** True when the reserve is whole, or can be made whole now. */
    private boolean leavesReserve() {
        if (!files.isReserveWhole() && (!lookFailed || isTimeToLook())) {
            try {
                files.fillReserve();
                lookFailed = false;
            } catch (IOException e) {
                lookFailed(e);
            }
        }
        onReserve = !files.isReserveWhole();
        return !onReserve;
    }

    private void lookFailed(IOException e) {
        CommitItem.Outcome failure = CommitItem.Outcome.of(e);
        if (!lookFailed || failure != lookFailure) {
            LOG.log(Level.WARNING, "no segment to be had", e);
        }
        lookFailed = true;
        lookFailure = failure;
        lookFailedAt = time.nanos();
    }

    private boolean isTimeToLook() {
        return time.nanos() - lookFailedAt >= Space.LOOK_EVERY.toNanos();
    }

    /** Ends the batch. */
    private void force() {
        if (batch.isEmpty()) {
            return;
        }
        try {
            writer.force();
        } catch (IOException e) {
            poison(e);
            return;
        }
        Segment segment = writer.active();
        List<CommitItem> forced = batch;
        ledger.index.lock.lock();
        try {
            forced.forEach(item -> ledger.committed(item, segment));
            ledger.index.wakeTakers();
        } finally {
            ledger.index.lock.unlock();
        }
        forced.forEach(item -> item.complete(CommitItem.Outcome.DONE));
        clearBatch();
    }

    private void clearBatch() {
        batch.clear();
        batchOctets = 0;
    }

    /**
     * A write or a force failed: nothing since the last good force may be assumed to be there, and
     * nothing more goes to this segment. Acceptances are refused, settlements written again
     * elsewhere.
     */
    private void poison(IOException e) {
        Segment bad = writer.active();
        LOG.log(Level.ERROR, bad + " failed and is left", e);
        bad.kept = true;
        bad.poisoned = true;
        broken = true;
        CommitItem.Outcome reason = CommitItem.Outcome.of(e);
        List<CommitItem> lost = batch;
        batch = new ArrayList<>();
        clearBatch();
        writer.enter(bad);
        reopen(e);
        if (broken) {
            keepContents(lost);
        }
        for (CommitItem item : lost) {
            if (isWrittenAgain(item)) {
                place(item);
            } else {
                item.complete(reason);
            }
        }
        force();
    }

    /**
     * These commits are refused, but no later generation makes them void: the next start may find
     * them, and then it has to find their content, too.
     */
    private void keepContents(List<CommitItem> refused) {
        ledger.index.lock.lock();
        try {
            for (CommitItem item : refused) {
                item.arrivals.forEach(arrival -> arrival.sink.inBulk().keep());
            }
        } finally {
            ledger.index.lock.unlock();
        }
    }

    /** At once after the first failure, later only when the disk seems to work again. */
    private void reopen(IOException cause) {
        long now = time.nanos();
        boolean first = poisonedCount == 0;
        boolean again = !first && now - poisonedAt < Space.LOOK_EVERY.toNanos();
        poisonedAt = now;
        if (++poisonedCount >= POISONED_MAX || again) {
            lookFailed(cause);
            return;
        }
        try {
            open(true);
            leavesReserve();
        } catch (IOException e) {
            lookFailed(e);
        }
    }

    private boolean isWrittenAgain(CommitItem item) {
        return !broken && item.isSettlement() && item.lostCount++ < LOST_MAX;
    }

    private void freeSegments() {
        Segment segment = ledger.pollFreeable();
        while (segment != null) {
            try {
                files.release(segment, writer.firstUnforced(), ids.last());
                ledger.freed(segment);
            } catch (IOException e) {
                LOG.log(Level.ERROR, segment + " could not be freed", e);
                ledger.keep(segment);
            }
            segment = ledger.pollFreeable();
        }
    }
}

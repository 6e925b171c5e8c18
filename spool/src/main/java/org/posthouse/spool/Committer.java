package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.NoSpaceException;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

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
    private final int batchOctetsMax;

    /** Put into the writer and neither forced nor failed. */
    private List<Item> batch = new ArrayList<>();

    private int batchOctets;
    private boolean batchHasWaiters;
    private List<LogSink> unforcedSinks = new ArrayList<>();
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
        batchOctetsMax = around.batchOctetsMax;
        onReserve = !files.isReserveWhole();
    }

    /** What a committer gets from outside. */
    record Surroundings(IdSource ids, TimeSource time, int batchOctetsMax) {}

    @Override
    public void run() {
        Item items = null;
        boolean ended = false;
        try {
            while ((items = inbox.take()) != null) {
                work(items);
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
        batch.forEach(item -> refuse(item, CommitItem.Outcome.UNAVAILABLE));
        Item rest = items;
        do {
            for (Item item = rest; item != null; item = item.next) {
                refuse(item, CommitItem.Outcome.UNAVAILABLE);
            }
            rest = inbox.take();
        } while (rest != null);
    }

    private void work(Item first) {
        long octets = 0;
        for (Item item = first; item != null; item = item.next) {
            octets += item.octets();
            switch (item) {
                case ChunkItem chunk -> place(chunk);
                case CommitItem commit -> place(commit);
                case DiscardItem discard -> giveUp(discard.sink);
                case EndItem end -> {}
            }
        }
        finish();
        inbox.release(octets);
    }

    /** Why the content that an item belongs to can't be stored, if so. */
    private static CommitItem.@Nullable Outcome failure(Item item) {
        if (item instanceof ChunkItem chunk) {
            return chunk.sink.failure();
        }
        if (item instanceof CommitItem commit) {
            for (Arrival arrival : commit.arrivals) {
                CommitItem.Outcome failure = arrival.sink.failure();
                if (failure != null) {
                    return failure;
                }
            }
        }
        return null;
    }

    private void giveUp(LogSink sink) {
        finish(); // its last chunks may be in the batch
        ledger.giveUp(sink);
    }

    /** Puts an item into the batch, in another segment where need be. */
    private void place(Item item) {
        if (!hasPlace(item)) {
            return;
        }
        // asked last: making place may have failed the content's earlier chunks
        CommitItem.Outcome failure = failure(item);
        if (failure != null) {
            refuse(item, failure);
            return;
        }
        batch.add(item);
        try {
            if (item instanceof CommitItem commit) {
                batchHasWaiters = true;
                if (!commit.arrivals.isEmpty()) {
                    commit.firstId = ids.next(commit.arrivals.size());
                }
                for (Part part : commit.parts) {
                    writer.put(part, commit.firstId);
                }
            } else if (item instanceof ChunkItem chunk) {
                writer.put(chunk.part, 0);
            }
        } catch (IOException e) {
            poison(e);
            return;
        }
        batchOctets += item.octets();
        if (batchOctets >= batchOctetsMax) {
            finish();
        }
    }

    /** Makes sure that there is a segment for an item; otherwise refuses the item. */
    private boolean hasPlace(Item item) {
        boolean settling = item instanceof CommitItem commit && commit.isSettlement();
        if (!broken && !settling && onReserve && !leavesReserve()) {
            refuse(item, CommitItem.Outcome.NO_SPACE);
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

    private boolean fits(Item item) {
        return !broken && files.isNewest(writer.active()) && writer.fits(item.octets());
    }

    private boolean nextSegment(Item item, boolean settling) {
        boolean useless = broken && poisonedCount >= POISONED_MAX;
        boolean tooSoon = lookFailed && !isTimeToLook() && !(settling && files.hasFree());
        if (useless || tooSoon) {
            refuse(item, lookFailure);
            return false;
        }
        try {
            open(settling);
            return true;
        } catch (IOException e) {
            lookFailed(e);
            refuse(item, lookFailure);
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
        CommitItem.Outcome failure = outcomeOf(e);
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

    private static CommitItem.Outcome outcomeOf(IOException e) {
        return e instanceof NoSpaceException
                ? CommitItem.Outcome.NO_SPACE
                : CommitItem.Outcome.UNAVAILABLE;
    }

    /** Ends the batch: forced where somebody waits, only written otherwise. */
    private void finish() {
        if (batchHasWaiters) {
            force();
            return;
        }
        try {
            writer.write();
        } catch (IOException e) {
            poison(e);
            return;
        }
        for (Item item : batch) {
            written((ChunkItem) item);
        }
        clearBatch();
    }

    private void written(ChunkItem chunk) {
        ledger.chunkWritten(chunk.sink, chunk.part, writer.active());
        if (!chunk.sink.unforced) {
            chunk.sink.unforced = true;
            unforcedSinks.add(chunk.sink);
        }
    }

    private void force() {
        try {
            writer.force();
        } catch (IOException e) {
            poison(e);
            return;
        }
        unforcedSinks.forEach(sink -> sink.unforced = false);
        unforcedSinks.clear();
        Segment segment = writer.active();
        List<Item> forced = batch;
        ledger.index.lock.lock();
        try {
            for (Item item : forced) {
                switch (item) {
                    case ChunkItem chunk -> ledger.chunkWritten(chunk.sink, chunk.part, segment);
                    case CommitItem commit -> ledger.committed(commit, segment);
                    case DiscardItem discard -> {}
                    case EndItem end -> {}
                }
            }
            ledger.index.wakeTakers();
        } finally {
            ledger.index.lock.unlock();
        }
        for (Item item : forced) {
            if (item instanceof CommitItem commit) {
                commit.complete(CommitItem.Outcome.DONE);
            }
        }
        clearBatch();
    }

    private void clearBatch() {
        batch.clear();
        batchOctets = 0;
        batchHasWaiters = false;
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
        CommitItem.Outcome reason = outcomeOf(e);
        unforcedSinks.forEach(sink -> sink.fail(reason));
        unforcedSinks = new ArrayList<>();
        List<Item> lost = batch;
        batch = new ArrayList<>();
        clearBatch();
        writer.enter(bad);
        reopen(e);
        for (Item item : lost) {
            if (isWrittenAgain(item)) {
                place(item);
            } else {
                refuse(item, reason);
            }
        }
        finish();
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

    private boolean isWrittenAgain(Item item) {
        return !broken
                && item instanceof CommitItem commit
                && commit.isSettlement()
                && commit.lostCount++ < LOST_MAX;
    }

    private static void refuse(Item item, CommitItem.Outcome reason) {
        switch (item) {
            case ChunkItem chunk -> chunk.sink.fail(reason);
            case CommitItem commit -> commit.complete(reason);
            case DiscardItem discard -> {}
            case EndItem end -> {}
        }
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

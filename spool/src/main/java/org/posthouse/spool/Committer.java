package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes the log. A batch is what gathered while the last force ran: it is written with one call
 * where it fits the buffer, forced once, brought into the index, and its waiters are woken. A
 * thread of its own does that; while it has nothing to do, who brings something does it instead and
 * spares two changes of threads. A failed write or force poisons the segment (docs/spool-format.md
 * section 8).
 */
final class Committer implements Runnable {
    private static final Logger LOG = System.getLogger(Committer.class.getName());

    /** A settlement is written again so often after failures. */
    private static final int LOST_MAX = 2;

    /** With so many poisoned segments, nothing is written until the next start. */
    private static final int POISONED_MAX = 16;

    /** The share of the reserve that settlements leave: one of so many. */
    private static final int RESERVE_LEFT = 2;

    private final Inbox inbox;
    private final LogWriter writer;
    private final SegmentFiles files;
    private final Ledger ledger;
    private final IdSource ids;
    private final TimeSource time;
    private final Checkpointer checkpointer;
    private final Compactor compactor;
    private final Sparseness sparseness;
    private int segmentsSeen;
    private long compactedAt;

    /** No segment is worth being emptied, as was seen last. */
    private boolean isNothingToCopy;

    private final int batchOctetsMax;

    /** Held by the thread that writes; all that is not final here is its. */
    private final ReentrantLock working = new ReentrantLock();

    /** Put into the writer and neither forced nor failed. */
    private List<DurableItem> batch = new ArrayList<>();

    private int batchOctets;

    /** Of what was put into the writer in this round: copies. */
    private long movedOctets;

    private boolean broken;
    private boolean onReserve;
    private int poisonedCount;
    private long poisonedAt;

    /** The last look for a segment failed; the next one has to wait a little. */
    private boolean lookFailed;

    private long lookFailedAt;
    private Outcome lookFailure = Outcome.UNAVAILABLE;

    Committer(
            Inbox inbox, LogWriter writer, SegmentFiles files, Ledger ledger, Surroundings around) {
        this.inbox = inbox;
        this.writer = writer;
        this.files = files;
        this.ledger = ledger;
        ids = around.ids;
        time = around.time;
        checkpointer = around.checkpointer;
        compactor = around.compactor;
        sparseness =
                new Sparseness(
                        writer.active().header.segmentOctets() - SegmentHeader.FRAMES_AT,
                        ledger.segments().size());
        batchOctetsMax = around.batchOctetsMax;
        onReserve = !files.isReserveWhole();
    }

    /** What a committer gets from outside. */
    record Surroundings(
            IdSource ids,
            TimeSource time,
            Checkpointer checkpointer,
            Compactor compactor,
            int batchOctetsMax) {}

    @Override
    public void run() {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = inbox.awaitWork();
            working.lock(); // at the end, too: who still writes ends first
            try {
                Item items = inbox.takeAll();
                if (items != null) {
                    inbox.release(round(items));
                }
            } finally {
                working.unlock();
            }
        }
    }

    /**
     * Writes an item on the thread that brings it, when nothing else is to be written.
     *
     * @return false when it was not: then it goes into the inbox
     */
    boolean hasWritten(DurableItem item) {
        if (!inbox.isIdle() || !working.tryLock()) {
            return false;
        }
        try {
            if (!inbox.isIdle()) {
                return false;
            }
            return round(item) > 0;
        } finally {
            working.unlock();
        }
    }

    /** Returns the octets of all items; all are done with then. */
    private long round(Item items) {
        boolean ended = false;
        try {
            long octets = work(items);
            long written = writer.takeWritten();
            checkpointer.written(written);
            sparseness.written(written - movedOctets);
            movedOctets = 0;
            freeSegments();
            compact();
            if (writer.isNextDue()) {
                files.prepare();
            }
            ended = true;
            return octets;
        } finally {
            if (!ended) {
                inbox.close();
                abandonAll(items);
            }
        }
    }

    /** A defect, or no memory: nobody shall wait for ever. */
    private void abandonAll(Item items) {
        LOG.log(Level.ERROR, "the spool stops");
        keepContents(batch);
        batch.forEach(item -> item.complete(Outcome.UNAVAILABLE));
        abandon(items);
        while (inbox.awaitWork()) {
            abandon(inbox.takeAll());
        }
    }

    private static void abandon(@Nullable Item items) {
        for (Item item = items; item != null; item = item.next) {
            switch (item) {
                case DurableItem durable -> durable.complete(Outcome.UNAVAILABLE);
                case SnapshotItem snapshot -> snapshot.complete(Optional.empty());
                case PassedItem passed -> {}
                case EndItem end -> {}
            }
        }
    }

    private long work(Item first) {
        long octets = 0;
        for (Item item = first; item != null; item = item.next) {
            octets += item.octets();
            switch (item) {
                case DurableItem durable -> place(durable);
                case SnapshotItem snapshot -> snapshot.complete(look(snapshot));
                case PassedItem passed -> passed.tell(ledger);
                case EndItem end -> {}
            }
        }
        force();
        return octets;
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
    private void place(DurableItem item) {
        if (!hasPlace(item)) {
            return;
        }
        batch.add(item);
        try {
            long firstId = firstId(item);
            for (Part part : item.parts) {
                writer.put(part, firstId);
            }
        } catch (IOException e) {
            poison(e);
            return;
        }
        batchOctets += item.octets();
        movedOctets += item instanceof MoveItem ? item.octets() : 0;
        if (batchOctets >= batchOctetsMax) {
            force();
        }
    }

    private long firstId(DurableItem item) {
        if (item instanceof CommitItem commit && !commit.arrivals.isEmpty()) {
            commit.firstId = ids.next(commit.arrivals.size());
            return commit.firstId;
        }
        return 0;
    }

    /**
     * What makes room in the end may use the reserve. The ends of deliveries leave half of it to
     * copies, as long as there is something to copy: without any room those could not make more. A
     * deferral makes no room. It has to leave the reserve whole, or to go to another segment when
     * copying what is live in this one gives it back.
     */
    private boolean mayUseReserve(DurableItem item) {
        return switch (item) {
            case CommitItem commit when commit.isEnd() ->
                    fits(item)
                            || files.mayTake(RESERVE_LEFT)
                            || (isNothingToCopy && files.mayTake(0));
            case CommitItem commit when commit.isSettlement() ->
                    files.isReserveWhole()
                            && (fits(item) || (isActiveSparse() && files.mayTake(RESERVE_LEFT)));
            case CommitItem commit -> false;
            case MoveItem move -> move.makesRoom() && (fits(item) || files.mayTake(0));
        };
    }

    private boolean isActiveSparse() {
        return Sparseness.isSparse(writer.active());
    }

    /** Makes sure that there is a segment for a commit; otherwise refuses it. */
    private boolean hasPlace(DurableItem item) {
        boolean settling = mayUseReserve(item);
        if (item.octets() > writer.active().takenOctets()) {
            item.complete(Outcome.UNAVAILABLE); // a copy with the ends of very many deliveries
            return false;
        }
        if (!broken && !settling && onReserve && !leavesReserve()) {
            item.complete(Outcome.NO_SPACE);
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

    private boolean fits(DurableItem item) {
        return !broken && files.isNewest(writer.active()) && writer.fits(item.octets());
    }

    private boolean nextSegment(DurableItem item, boolean settling) {
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
        left.endSequence = writer.firstUnforced();
        ledger.add(fresh);
        if (left.poisoned) {
            left.precede(fresh); // its header says from where on that one is void
        }
        writer.enter(fresh);
        broken = false;
        onReserve = !files.isReserveWhole();
    }

    private Segment fresh(boolean settling) throws IOException {
        try {
            files.fillReserve(); // first, or the last room there is would be used up by mail
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
        Outcome failure = Outcome.of(e);
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
        List<DurableItem> forced = batch;
        ledger.index.lock.lock();
        try {
            forced.forEach(item -> apply(item, segment));
            ledger.index.wakeTakers();
        } finally {
            ledger.index.lock.unlock();
        }
        forced.forEach(item -> item.complete(Outcome.DONE));
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
        Outcome reason = Outcome.of(e);
        List<DurableItem> lost = batch;
        batch = new ArrayList<>();
        clearBatch();
        writer.enter(bad);
        reopen(e);
        if (broken) {
            keepContents(lost);
        }
        for (DurableItem item : lost) {
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
    private void keepContents(List<DurableItem> refused) {
        ledger.index.lock.lock();
        try {
            for (DurableItem item : refused) {
                switch (item) {
                    case CommitItem commit ->
                            commit.arrivals.forEach(arrival -> arrival.sink.inBulk().keep());
                    case MoveItem move -> move.keepContents();
                }
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

    private void apply(DurableItem item, Segment segment) {
        switch (item) {
            case CommitItem commit -> ledger.committed(commit, segment);
            case MoveItem move -> ledger.moved(move, segment);
        }
    }

    private boolean isWrittenAgain(DurableItem item) {
        return !broken
                && item instanceof CommitItem commit
                && commit.isSettlement()
                && commit.lostCount++ < LOST_MAX;
    }

    /** Has a segment emptied, where one is worth it. */
    private void compact() {
        if (!compactor.isIdle() || broken) {
            return;
        }
        boolean low = onReserve || lookFailed;
        int count = ledger.segments().size();
        long now = time.nanos();
        boolean early = now - compactedAt < Space.LOOK_EVERY.toNanos();
        if (early && (count == segmentsSeen || low)) {
            return;
        }
        compactedAt = now;
        Segment sparse = sparseness.choose(ledger.segments(), low, now);
        isNothingToCopy = sparse == null;
        if (sparse == null) {
            segmentsSeen = count;
        } else {
            compactor.empty(sparse);
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

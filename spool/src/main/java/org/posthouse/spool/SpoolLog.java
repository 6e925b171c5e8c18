package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.NoSpaceException;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The embedded spool: a log of preallocated segments in one directory, written by one thread.
 * docs/spool-format.md has the layout and what happens in each crash. In short:
 *
 * <table>
 * <caption>States of a message</caption>
 * <tr><th>State</th><th>What the outside was told</th><th>After a crash</th></tr>
 * <tr><td>absent</td><td>nothing, or 4yz</td><td>nothing</td></tr>
 * <tr><td>written</td><td>nothing yet</td><td>whole or absent, never half</td></tr>
 * <tr><td>accepted (forced)</td><td>250</td><td>there</td></tr>
 * <tr><td>settling (written)</td><td>the next hop knows</td><td>settled or not: a duplicate at
 * worst</td></tr>
 * <tr><td>settled (forced)</td><td>–</td><td>stays settled</td></tr>
 * <tr><td>removed (segment freed)</td><td>–</td><td>gone</td></tr>
 * </table>
 *
 * @since 0.1
 */
public final class SpoolLog implements Spool {
    private static final Logger LOG = System.getLogger(SpoolLog.class.getName());

    /** No content is larger. */
    private static final long CONTENT_OCTETS_MAX = 1L << 35;

    private static final String LOCK = "lock";

    private final SpoolSettings settings;
    private final TimeSource time;
    private final AutoCloseable lock;
    private final SegmentFiles files;
    private final Ledger ledger;
    private final ReadBack readBack;
    private final Index index;
    private final KeptKeys keys;
    private final RecoveryReport recovery;
    private final IdSource ids;
    private final Space space;
    private final Inbox inbox;
    private final BulkFiles bulk;
    private final Threads threads;
    private final Committer committer;
    private final Threads.Task committing;
    private final Threads.Task preparer;
    private final Checkpointer checkpointer;
    private final Threads.Task checkpointing;
    private final Compactor compactor;
    private final Threads.Task compacting;
    private final Threads.Task forcer;

    /** Guarded by the index' lock. */
    private boolean closed;

    /**
     * Opens the spool in a directory, which is made when missing, and recovers what is in it.
     *
     * @throws SpoolException when it is in use, of a newer format, or can't be read or written
     */
    public static SpoolLog open(Platform platform, Path directory, SpoolSettings settings) {
        AutoCloseable lock = lock(platform, directory);
        boolean opened = false;
        try {
            SpoolLog log = new SpoolLog(platform, directory, settings, lock);
            opened = true;
            return log;
        } catch (NoSpaceException e) {
            throw new SpoolException(
                    SpoolException.NO_SPACE,
                    directory
                            + ": no room for a segment of "
                            + settings.segmentOctets()
                            + " octets and a reserve of "
                            + settings.spaceReserveOctets(),
                    e);
        } catch (IOException e) {
            throw unusable(directory, e);
        } finally {
            if (!opened) {
                unlock(lock);
            }
        }
    }

    private static AutoCloseable lock(Platform platform, Path directory) {
        try {
            platform.disk().createDirectories(directory);
            return platform.disk().lock(directory.resolve(LOCK));
        } catch (NoSpaceException e) {
            throw new SpoolException(
                    SpoolException.NO_SPACE, directory + ": no room for the lock", e);
        } catch (FileSystemException e) {
            throw unusable(directory, e);
        } catch (IOException e) {
            throw new SpoolException(
                    SpoolException.IN_USE, "the queue is in use: " + e.getMessage(), e);
        }
    }

    private static SpoolException unusable(Path directory, IOException e) {
        return new SpoolException(
                SpoolException.UNUSABLE,
                "the queue in " + directory + " can't be opened: " + reason(e),
                e);
    }

    /** What went wrong, for people; the exceptions of files say no more than the file's name. */
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case FileAlreadyExistsException other -> other.getFile() + " is no directory";
            case NotDirectoryException other -> other.getFile() + " is no directory";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static void unlock(AutoCloseable lock) {
        try {
            lock.close();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "the lock could not be given back", e);
        }
    }

    private SpoolLog(Platform platform, Path directory, SpoolSettings settings, AutoCloseable lock)
            throws IOException {
        this.settings = settings;
        this.lock = lock;
        time = platform.time();
        threads = platform.threads();
        files = new SegmentFiles(platform, directory, settings);
        var checkpoints = new Checkpoints(platform, directory);
        BulkRecovery foundBulk = new BulkRecovery(platform.disk(), directory);
        Recovery found;
        LogWriter writer = null;
        try {
            found =
                    new Recovery(
                            files,
                            foundBulk,
                            new Quarantine(platform, directory),
                            time,
                            settings.cacheOctets());
            found.load(checkpoints);
            found.run();
            Segment active = found.openFresh();
            found.ledger().add(active);
            writer = new LogWriter(settings.bufferOctets(), active, found.nextSequence());
            fillReserve(directory);
        } finally {
            if (writer == null) {
                files.known().forEach(SegmentFiles::close);
                foundBulk.segments().forEach(SegmentFiles::close);
            }
        }
        ledger = found.ledger();
        readBack = new ReadBack(ledger.index, ledger.cache);
        index = ledger.index;
        recovery = found.report();
        keys = KeptKeys.open(platform.disk(), directory, index);
        ids = new IdSource(time, found.lastId());
        space = new Space(platform, directory, settings.spaceReserveOctets());
        inbox = new Inbox(settings.queueOctets(), time);
        checkpointer = new Checkpointer(time, checkpoints, files, index, inbox);
        checkpointer.written(recovery.octetsRead());
        bulk = new BulkFiles(platform, directory, settings, index, foundBulk);
        var bulkMover = new BulkMover(index, inbox, bulk, time);
        compactor = new Compactor(time, index, inbox, bulkMover, settings.bufferOctets() / 4);
        preparer = threads.startDedicated("spool-preparer", files.preparer());
        forcer = threads.startDedicated("spool-bulk", bulk.forcer);
        committer =
                new Committer(
                        inbox,
                        writer,
                        files,
                        ledger,
                        new Committer.Surroundings(
                                ids, time, checkpointer, compactor, settings.bufferOctets()));
        committing = threads.startDedicated("spool-committer", committer);
        compacting = threads.startDedicated("spool-compactor", compactor);
        checkpointing = threads.startDedicated("spool-checkpointer", checkpointer);
    }

    private void fillReserve(Path directory) {
        try {
            files.fillReserve();
        } catch (IOException e) {
            LOG.log(Level.WARNING, directory + ": no room for a segment in reserve", e);
        }
    }

    /** What keeps which segment. */
    Ledger ledger() {
        return ledger;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, true, CONTENT_OCTETS_MAX);
    }

    @Override
    public ContentSink openContent() {
        return new LogSink(this, settings);
    }

    @Override
    public AcceptResult accept(Acceptance acceptance) {
        LogSink sink = sinkOf(acceptance);
        sink.requireUnused();
        String acceptId = acceptance.acceptId();
        if (acceptId.isEmpty()) {
            return store(acceptance, sink);
        }
        long known = index.acceptIds.claim(acceptId);
        if (known != 0) {
            sink.discard();
            return new AcceptResult.Accepted(new SpoolId(known), true);
        }
        try {
            return store(acceptance, sink);
        } finally {
            index.acceptIds.unclaim(acceptId);
        }
    }

    private AcceptResult store(Acceptance acceptance, LogSink sink) {
        Outcome refusal = refusal(sink);
        if (refusal != null) {
            sink.discard();
            return refused(refusal);
        }
        Arrival arrival = new Arrival(acceptance, sink, time.now(), 0);
        CommitItem item = CommitItem.of(List.of(arrival), List.of());
        if (!fitsSegment(item)) {
            LOG.log(Level.ERROR, "an acceptance of {0} octets fits no segment", item.octets());
            sink.discard();
            return refused(Outcome.UNAVAILABLE);
        }
        sink.used(true);
        Outcome outcome = commit(item);
        sink.release();
        if (outcome == Outcome.DONE) {
            return new AcceptResult.Accepted(new SpoolId(item.firstId), false);
        }
        return refused(outcome);
    }

    private @Nullable Outcome refusal(LogSink sink) {
        if (sink.failure() == null && space.isLow()) {
            return Outcome.NO_SPACE;
        }
        return sink.finish();
    }

    private static AcceptResult refused(Outcome outcome) {
        return outcome == Outcome.NO_SPACE
                ? new AcceptResult.NoSpace()
                : new AcceptResult.Unavailable("the spool can't write");
    }

    private Outcome commit(CommitItem item) {
        boolean isTaken = (threads.isOwn() && committer.hasWritten(item)) || inbox.offer(item);
        return isTaken ? item.await() : Outcome.UNAVAILABLE;
    }

    private boolean fitsSegment(CommitItem item) {
        return item.octets() <= settings.segmentOctets() - SegmentHeader.FRAMES_AT;
    }

    @Override
    public List<QueuedDelivery> take(int max, Deadline until) throws InterruptedException {
        return index.take(max, until);
    }

    @Override
    public void giveBack(DeliveryId id, Instant wakeAt) {
        index.giveBack(id, wakeAt);
    }

    @Override
    public Optional<QueuedDelivery> claim(DeliveryId id) {
        return index.claim(id);
    }

    @Override
    public boolean settle(List<Settlement> settlements) {
        if (settlements.isEmpty()) {
            return true;
        }
        List<LogSink> sinks = new ArrayList<>();
        for (Settlement settlement : settlements) {
            for (Acceptance insert : settlement.inserts()) {
                LogSink sink = sinkOf(insert);
                sink.requireUnused();
                if (sink.finish() != null) {
                    throw new IllegalStateException(
                            "the content of a report could not be stored; make it again");
                }
                sinks.add(sink);
            }
        }
        settlements.forEach(this::requireOpen);
        long[] generations = index.begin(settlements);
        boolean durable = false;
        try {
            CommitItem item = item(settlements, generations);
            if (!fitsSegment(item)) {
                throw new IllegalStateException(
                        "a commit of "
                                + item.octets()
                                + " octets fits no segment; settle fewer deliveries at a time");
            }
            sinks.forEach(sink -> sink.used(true));
            keys.keep(settlements);
            durable = commit(item) == Outcome.DONE;
            return durable;
        } finally {
            if (durable) {
                sinks.forEach(LogSink::release);
            } else {
                sinks.forEach(sink -> sink.used(false));
                index.abandon(settlements);
            }
        }
    }

    /** Nobody who is done may be open again. */
    private void requireOpen(Settlement settlement) {
        if (settlement.isDone()) {
            return;
        }
        DeliveryId id = settlement.delivery();
        List<Integer> open;
        try {
            open = delivery(id).openRecipients();
        } catch (NoSuchElementException e) {
            throw new IllegalStateException(id + " is not here or was settled before", e);
        }
        settlement.requireAmong(open);
    }

    private CommitItem item(List<Settlement> settlements, long[] generations) {
        Instant now = time.now();
        List<Arrival> arrivals = new ArrayList<>();
        List<SettleRecord> records = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            for (Acceptance insert : settlement.inserts()) {
                arrivals.add(new Arrival(insert, sinkOf(insert), now, arrivals.size()));
            }
            records.add(SettleRecord.of(settlement, generations[records.size()]));
        }
        return CommitItem.of(arrivals, records);
    }

    @Override
    public StoredMessage message(SpoolId id) {
        Extent extent;
        index.lock.lock();
        try {
            DeliveryRow row = index.require(id);
            ContentCache.Cached cached = ledger.cache.get(id.value());
            if (cached != null) {
                return cached.message();
            }
            extent = pin(row, false);
        } finally {
            index.lock.unlock();
        }
        try {
            return readBack.read(extent).message();
        } finally {
            unpin(extent);
        }
    }

    @Override
    public StoredDelivery delivery(DeliveryId id) {
        Extent extent;
        boolean fresh;
        index.lock.lock();
        try {
            DeliveryRow row = index.find(id);
            if (row == null) {
                throw new NoSuchElementException("no delivery " + id);
            }
            fresh = row.stateSlot() == 0;
            ContentCache.Cached cached = fresh ? ledger.cache.get(row.id()) : null;
            if (cached != null) {
                return cached.fresh(id.number());
            }
            extent = fresh ? pin(row, false) : pinState(row);
        } finally {
            index.lock.unlock();
        }
        try {
            return fresh
                    ? readBack.read(extent).fresh(id.number())
                    : new LogReader().state(extent, id.number()).stored();
        } finally {
            unpin(extent);
        }
    }

    @Override
    public Content content(SpoolId id) {
        Extent extent;
        ContentCache.Cached cached;
        index.lock.lock();
        try {
            DeliveryRow row = index.require(id);
            cached = ledger.cache.get(id.value());
            BytesContent content = cached == null ? null : cached.content();
            if (content != null) {
                return content;
            }
            extent = pin(row, true);
        } finally {
            index.lock.unlock();
        }
        boolean opened = false;
        try {
            var known = cached == null ? readBack.read(extent) : cached;
            Content content = new LogContent(this, extent, known.record());
            opened = true;
            return content;
        } finally {
            if (!opened) {
                unpin(extent);
            }
        }
    }

    /** Keeps a message's segments; the caller holds the index' lock. */
    private Extent pin(DeliveryRow row, boolean withContent) {
        ChunkList chunks = withContent ? chunks(row) : new ChunkList();
        Segment accepted = index.slots.get(row.acceptSlot());
        return pin(new Extent(row.id(), accepted, row.acceptPosition(), chunks));
    }

    private ChunkList chunks(DeliveryRow row) {
        ChunkList bulk = index.bulk.get(row.id());
        if (bulk != null) {
            return bulk;
        }
        return index.firstChunk(row);
    }

    private Extent pinState(DeliveryRow row) {
        Segment state = index.slots.get(row.stateSlot());
        return pin(new Extent(row.id(), state, row.statePosition(), new ChunkList()));
    }

    private Extent pin(Extent extent) {
        if (closed) {
            throw new IllegalStateException("the spool is closed");
        }
        extent.segment().readers++;
        for (int run = 0; run < extent.chunks().runs(); run++) {
            extent.chunks().runSegment(run).readers++;
        }
        return extent;
    }

    /** A reader of a message is done. */
    void unpin(Extent extent) {
        index.lock.lock();
        try {
            leave(extent.segment());
            for (int run = 0; run < extent.chunks().runs(); run++) {
                leave(extent.chunks().runSegment(run));
            }
        } finally {
            index.lock.unlock();
        }
    }

    private void leave(Segment segment) {
        if (--segment.readers > 0) {
            return;
        }
        if (closed) {
            SegmentFiles.close(segment);
        } else {
            segment.emptied();
        }
    }

    @Override
    public SpoolAdmin admin() {
        return new IndexAdmin(index, recovery);
    }

    @Override
    public void close() {
        index.lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            index.lock.unlock();
        }
        compactor.close();
        await(compacting);
        checkpointer.close();
        await(checkpointing);
        checkpointer.takeLast();
        inbox.close();
        index.close();
        await(committing);
        files.preparer().close();
        await(preparer);
        bulk.close();
        await(forcer);
        closeUnread(files.known());
        closeUnread(bulk.known());
        keys.close();
        unlock(lock);
    }

    /** The others are closed by their last readers. */
    private void closeUnread(List<? extends Segment> segments) {
        index.lock.lock();
        try {
            for (Segment segment : segments) {
                if (segment.readers == 0) {
                    SegmentFiles.close(segment);
                }
            }
        } finally {
            index.lock.unlock();
        }
    }

    private static void await(Threads.Task task) {
        boolean interrupted = false;
        while (!task.isDone()) {
            try {
                task.join(Deadline.NEVER);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A place for a large content, with an id of its own. */
    BulkWriter openBulk() {
        return bulk.writer(ids.next(1), settings.chunkOctets());
    }

    private LogSink sinkOf(Acceptance acceptance) {
        if (acceptance.content() instanceof LogSink sink && sink.log == this) {
            return sink;
        }
        throw new IllegalArgumentException("the content was not filled into a sink of this spool");
    }
}

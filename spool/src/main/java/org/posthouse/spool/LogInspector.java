package org.posthouse.spool;

import org.posthouse.core.SpoolId;
import org.posthouse.platform.Disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads the log of a spool from outside: nothing is written, created, locked or deleted, so it
 * works on a copy, on a read-only file system, and beside the process that has the spool open. What
 * it keeps in memory is bounded by what is queued, 64 octets a delivery.
 *
 * <p>Beside a running process it tells how things were a moment ago: the newest octets may be
 * missing, and what is missing at the end is no damage.
 *
 * @since 0.1
 */
public final class LogInspector {
    private static final String LOCK = "lock";

    private final SegmentLook look;
    private final SegmentLook.View first;
    private final String holder;

    private LogInspector(SegmentLook look, SegmentLook.View first, String holder) {
        this.look = look;
        this.first = first;
        this.holder = holder;
    }

    /**
     * Looks into a directory.
     *
     * @throws SpoolException when there is no spool, when it is of a newer format, or can't be read
     */
    public static LogInspector open(Disk disk, Path directory) {
        try {
            if (!disk.exists(directory) || !hasSegments(disk, directory)) {
                throw new SpoolException(
                        SpoolException.MISSING, "there is no spool in " + directory, null);
            }
            String holder = disk.lockHolder(directory.resolve(LOCK)).orElse("");
            SegmentLook look = new SegmentLook(disk, directory, !holder.isEmpty());
            return new LogInspector(look, look.view(), holder);
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static boolean hasSegments(Disk disk, Path directory) throws IOException {
        return disk.list(directory).stream()
                .anyMatch(name -> SegmentFiles.NAME.numberOf(name) >= 0);
    }

    private static SpoolException unreadable(Path directory, IOException e) {
        return new SpoolException(
                SpoolException.UNUSABLE,
                "the spool in " + directory + " can't be read: " + e.getMessage(),
                e);
    }

    /** The process that has the spool open; empty when none has. */
    public Optional<String> holder() {
        return holder.isEmpty() ? Optional.empty() : Optional.of(holder);
    }

    /** Reads and verifies everything. */
    public SpoolCheck check(ReadProgress progress) {
        try {
            QueueState state = new QueueState(id -> true);
            state.addSegmentDamage(first.damage());
            CheckpointCheck checkpoints = CheckpointCheck.begin(look, first, state);
            LogWalk walk = new LogWalk(look, progress, checkpoints.forced());
            walk.run(first, seen -> true, new LogReplay(state));
            checkpoints.end(state);
            SegmentLook.View view = look.isLive() ? look.view() : first;
            new BulkCheck(look, view, walk, state, progress).run();
            return new CheckSummary(look, walk, state).of(first, checkpoints.counts());
        } catch (IOException e) {
            throw unreadable(look.directory(), e);
        }
    }

    /** Gives the consumer all that lies in the log, in order. */
    public void entries(ReadProgress progress, Consumer<LogEntry> consumer) {
        read(progress, seen -> true, new LogListing(consumer));
        // the free ones hold nothing, and of large content the records tell where it lies
        first.bulk().values().forEach(seen -> consumer.accept(LogListing.head(seen)));
        first.free().forEach(seen -> consumer.accept(LogListing.head(seen)));
    }

    /** Gives the consumer all that lies in one segment; false when there is none. */
    public boolean entriesOf(int segment, ReadProgress progress, Consumer<LogEntry> consumer) {
        for (SegmentLook.Seen seen : first.free()) {
            if (seen.number() == segment) {
                consumer.accept(LogListing.head(seen));
                return true;
            }
        }
        if (first.used().stream().noneMatch(seen -> seen.number() == segment)) {
            return false;
        }
        read(progress, seen -> seen.number() == segment, new LogListing(consumer));
        return true;
    }

    /** Gives the consumer all frames of one message, and of their records those about it. */
    public void entriesOf(SpoolId message, ReadProgress progress, Consumer<LogEntry> consumer) {
        TreeSet<Long> contents = new TreeSet<>();
        LogReplay.Events search =
                (entry, content, place) -> {
                    if (entry.id() == message.value()) {
                        contents.add(entry.contentId());
                    }
                };
        read(progress, seen -> true, new LogReplay(search));
        read(progress, seen -> true, new LogListing(consumer).only(message, contents));
    }

    private void read(
            ReadProgress progress, Predicate<SegmentLook.Seen> wanted, LogWalk.Visitor visitor) {
        try {
            new LogWalk(look, progress, forced()).run(first, wanted, visitor);
        } catch (IOException e) {
            throw unreadable(look.directory(), e);
        }
    }

    /** What the log was forced up to, as a checkpoint says. */
    private long forced() throws IOException {
        return CheckpointLook.newest(look).needed();
    }

    /** What is known of a message. */
    public sealed interface Lookup {
        /** It is queued. */
        record Queued(InspectedMessage message) implements Lookup {}

        /** It was accepted, and all its deliveries are done. */
        record Settled() implements Lookup {}

        /** The log holds nothing of it, or nothing any more. */
        record Unknown() implements Lookup {}
    }

    /** Looks for a message. */
    public Lookup find(SpoolId id, ReadProgress progress) {
        try {
            var search = new MessageSearch(look, id.value());
            return search.run(first, new LogWalk(look, progress, forced()));
        } catch (IOException e) {
            throw unreadable(look.directory(), e);
        }
    }

    /** Is given one message after the other. */
    public interface MessageConsumer {
        /** A message; its content can be read as long as this runs. */
        void accept(InspectedMessage message) throws IOException;
    }

    /**
     * Gives the consumer all queued messages, in the order of the log.
     *
     * @throws IOException what the consumer throws
     */
    public void queued(ReadProgress progress, MessageConsumer consumer) throws IOException {
        try {
            new QueueListing(look, forced(), consumer).run(first, progress);
        } catch (QueueListing.ConsumerFailed e) {
            throw e.failure();
        } catch (IOException e) {
            throw unreadable(look.directory(), e);
        }
    }
}

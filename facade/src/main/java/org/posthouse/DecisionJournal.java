package org.posthouse;

import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads.Task;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * The decisions about accepted messages, kept for a while beside the queue, for explanations only:
 * nothing is decided by them, and whoever accepts a message never waits for them. A thread of its
 * own appends what has gathered, without forcing it. What does not fit is left out.
 *
 * <p>Files are named by the first message in them and the time. A message is looked for in the file
 * that its id belongs to and in those beside it, since messages accepted at the same time come in
 * any order. A file is read as a whole: a look-up costs as much however many messages there are.
 */
final class DecisionJournal {
    /** How long a decision is kept. */
    static final Duration KEPT = Duration.ofDays(7);

    /** 512 MiB, about two million messages. */
    static final Limits LIMITS = new Limits(1 << 20, 512, KEPT);

    /** What waits to be written; more is left out. */
    static final int WAITING_MAX = 20_000;

    /** Nothing is written where less than this is free: room is the mail's. */
    static final long FREE_OCTETS_MIN = 64L << 20;

    private static final System.Logger LOG = System.getLogger(DecisionJournal.class.getName());
    private static final String PREFIX = "decisions-";
    private static final int ID_LENGTH = 13;
    private static final int HEADER_OCTETS = 16;
    private static final int BATCH_MAX = 1000;

    private final Platform platform;
    private final Disk disk;
    private final Path folder;
    private final Limits limits;
    private final Task task;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();

    /** A file that is so old is left, so that what is in it can be deleted in time. */
    private static final Duration FILE_AGE_MAX = Duration.ofDays(1);

    /** Where there is no room, it is looked for again after this. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** Guarded by the lock, as all below is but what the thread has for itself. */
    private final ArrayDeque<JournalEntry> waiting = new ArrayDeque<>();

    private List<JournalEntry> inHand = List.of();
    private boolean closed;

    /** The thread's own. */
    private Optional<DiskFile> file = Optional.empty();

    private long position;
    private Instant begunAt = Instant.EPOCH;
    private Instant triedAt = Instant.EPOCH;

    /** Set by the thread. */
    private volatile boolean isBroken;

    /**
     * How much is kept.
     *
     * @param fileOctets a file is left when it is so long
     * @param filesMax older files than these many are deleted
     * @param kept how long; zero: nothing is written
     */
    record Limits(int fileOctets, int filesMax, Duration kept) {
        Limits keeping(Duration time) {
            return new Limits(fileOctets, filesMax, time);
        }
    }

    private DecisionJournal(Platform platform, Path folder, Limits limits) {
        this.limits = limits;
        this.platform = platform;
        this.disk = platform.disk();
        this.folder = folder;
        this.task = platform.threads().start("journal", this::run);
    }

    static DecisionJournal start(Platform platform, Path folder, Limits limits) {
        return new DecisionJournal(platform, folder, limits);
    }

    /** Keeps an entry; never waits for the disk. */
    void add(JournalEntry entry) {
        lock.lock();
        try {
            boolean isKept = limits.kept().isPositive() && !isBroken;
            if (!closed && isKept && waiting.size() < WAITING_MAX) {
                waiting.add(entry);
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes what has gathered, then ends. */
    void close(Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
        task.join(deadline);
    }

    /** What was kept of a message; empty when there is nothing, or not any more. */
    Optional<JournalEntry> find(SpoolId id) {
        Instant oldest = platform.time().now().minus(limits.kept());
        return look(id).filter(entry -> !entry.acceptedAt().isBefore(oldest));
    }

    private Optional<JournalEntry> look(SpoolId id) {
        Optional<JournalEntry> inMemory = inMemory(id);
        if (inMemory.isPresent()) {
            return inMemory;
        }
        try {
            List<String> names = names();
            int at = names.size() - 1;
            while (at > 0 && idOf(names.get(at)).compareTo(id.toString()) > 0) {
                at--;
            }
            for (int i : new int[] {at, at + 1, at - 1}) {
                Optional<JournalEntry> found =
                        i < 0 || i >= names.size()
                                ? Optional.empty()
                                : in(folder.resolve(names.get(i)), id);
                if (found.isPresent()) {
                    return found;
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the journal can't be read", e);
        }
        return Optional.empty();
    }

    private Optional<JournalEntry> inMemory(SpoolId id) {
        lock.lock();
        try {
            for (List<JournalEntry> some : List.of(List.copyOf(waiting), inHand)) {
                for (JournalEntry entry : some) {
                    if (entry.id().equals(id)) {
                        return Optional.of(entry);
                    }
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private List<String> names() throws IOException {
        return disk.exists(folder)
                ? disk.list(folder).stream().filter(DecisionJournal::isOurs).toList()
                : List.of();
    }

    private static boolean isOurs(String name) {
        return name.matches(PREFIX + "[0-9A-Z]{13}-[0-9]{1,18}");
    }

    private static String idOf(String name) {
        return name.substring(PREFIX.length(), PREFIX.length() + ID_LENGTH);
    }

    private static Instant timeOf(String name) {
        String millis = name.substring(PREFIX.length() + ID_LENGTH + 1);
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }

    /** Looks through a file, up to what is not whole. */
    private Optional<JournalEntry> in(Path path, SpoolId id) throws IOException {
        ByteBuffer octets;
        try (DiskFile opened = disk.openRead(path)) {
            long size = Math.min(opened.size(), 2L * limits.fileOctets() + (1 << 20));
            octets = ByteBuffer.allocate((int) size);
            opened.read(octets, 0);
        }
        octets.flip();
        while (octets.remaining() >= HEADER_OCTETS) {
            int length = octets.getInt();
            int checksum = octets.getInt();
            long found = octets.getLong();
            if (length < 0 || length > octets.remaining()) {
                return Optional.empty();
            }
            if (found == id.value()) {
                return entry(octets.slice(octets.position(), length), checksum);
            }
            octets.position(octets.position() + length);
        }
        return Optional.empty();
    }

    private static Optional<JournalEntry> entry(ByteBuffer payload, int checksum) {
        byte[] octets = new byte[payload.remaining()];
        payload.get(octets);
        if (checksum(octets) != checksum) {
            return Optional.empty();
        }
        try {
            return Optional.of(JournalEntry.parse(new String(octets, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int checksum(byte[] octets) {
        var crc = new CRC32C();
        crc.update(octets);
        return (int) crc.getValue();
    }

    private void run() {
        for (List<JournalEntry> batch = next(); !batch.isEmpty(); batch = next()) {
            if (!isBroken) {
                write(batch);
            }
        }
        leave();
    }

    private List<JournalEntry> next() {
        lock.lock();
        try {
            inHand = List.of();
            while (waiting.isEmpty() && !closed) {
                filled.awaitUninterruptibly();
            }
            var batch = new ArrayList<JournalEntry>();
            while (!waiting.isEmpty() && batch.size() < BATCH_MAX) {
                batch.add(waiting.poll());
            }
            inHand = batch;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** A disk that fails ends the journal for this run: it is not worth a second try. */
    private void write(List<JournalEntry> batch) {
        try {
            for (JournalEntry entry : batch) {
                append(entry);
            }
        } catch (IOException | RuntimeException e) {
            isBroken = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "decisions are not kept any more, explain will lack them: {0}",
                    e.getMessage());
        }
    }

    private void append(JournalEntry entry) throws IOException {
        Instant now = platform.time().now();
        if (position >= limits.fileOctets() || begunAt.plus(FILE_AGE_MAX).isBefore(now)) {
            leave();
        }
        if (file.isEmpty() && (triedAt.plus(PAUSE).isAfter(now) || !begin(entry.id(), now))) {
            return;
        }
        byte[] text = entry.text().getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(HEADER_OCTETS + text.length);
        frame.putInt(text.length).putInt(checksum(text)).putLong(entry.id().value()).put(text);
        file.orElseThrow().write(frame.flip(), position);
        position += HEADER_OCTETS + text.length;
    }

    /** A new file, in the place of those that are too many or too old; false without room. */
    private boolean begin(SpoolId first, Instant now) throws IOException {
        triedAt = now;
        disk.createDirectories(folder);
        tidy();
        if (disk.usableOctets(folder) < FREE_OCTETS_MIN) {
            return false;
        }
        String name = PREFIX + first + "-" + now.toEpochMilli();
        file = Optional.of(disk.create(folder.resolve(name)));
        position = 0;
        begunAt = now;
        triedAt = Instant.EPOCH;
        return true;
    }

    private void tidy() throws IOException {
        Instant oldest = platform.time().now().minus(limits.kept());
        List<String> names = names();
        for (int i = 0; i < names.size(); i++) {
            boolean isTooMany = names.size() - i >= limits.filesMax();
            boolean isTooOld = i + 1 < names.size() && timeOf(names.get(i + 1)).isBefore(oldest);
            if (isTooMany || isTooOld) {
                disk.delete(folder.resolve(names.get(i)));
            }
        }
    }

    private void leave() {
        if (file.isPresent()) {
            try {
                file.get().close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "a file of the journal", e);
            }
            file = Optional.empty();
            position = 0;
        }
    }
}

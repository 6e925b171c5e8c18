package org.posthouse.journal;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Signal;
import org.posthouse.platform.Threads.Task;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Items with a number each, kept for a while and found again by it. Whoever adds one never waits
 * for the disk: a thread of its own appends what has gathered, a few times a second, without
 * forcing it. What does not fit is left out. A disk that fails ends it for this run.
 */
public final class KeyedLog {
    /** What waits to be written; more is left out. */
    public static final int WAITING_MAX = 20_000;

    /** The same in octets. */
    static final int WAITING_OCTETS_MAX = 16 << 20;

    private static final System.Logger LOG = System.getLogger(KeyedLog.class.getName());
    private static final int BATCH_MAX = 1000;

    /** So long gathers what is written together. */
    private static final Duration GATHERING = Duration.ofMillis(100);

    private final String name;
    private final Platform platform;
    private final Limits limits;
    private final KeyedFiles files;
    private final Task task;
    private final Signal filled;
    private final Signal ended;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as all below. */
    private final ArrayDeque<Item> waiting = new ArrayDeque<>();

    private List<Item> inHand = List.of();

    /** So many of those in hand are in a file. */
    private int written;

    private int waitingOctets;
    private boolean closed;

    /** Set by the thread. */
    private volatile boolean isBroken;

    /** Something to be kept. What may be long in the making is made by the thread that writes. */
    public interface Item {
        /** What it is found by. */
        long key();

        /** As it is written; asked more than once. */
        byte[] octets();

        /** About how many octets of memory it takes. */
        int weight();

        /** Takes what is added behind it into itself, if they can be one; asked under a lock. */
        default boolean absorbs(Item next) {
            return false;
        }
    }

    /**
     * How much is kept.
     *
     * @param fileOctets a file is left when it is so long
     * @param filesMax older files than these many are deleted
     * @param kept how long; zero: nothing is written
     */
    public record Limits(int fileOctets, int filesMax, Duration kept) {
        /** The same for another time. */
        public Limits keeping(Duration time) {
            return new Limits(fileOctets, filesMax, time);
        }
    }

    private KeyedLog(Platform platform, Path folder, String name, Limits limits) {
        this.name = name;
        this.platform = platform;
        this.limits = limits;
        files = new KeyedFiles(platform, folder, name, limits);
        filled = platform.time().signal();
        ended = platform.time().signal();
        task = platform.threads().start("journal " + name, this::run);
    }

    /** Begins to keep items in files of a folder whose names begin so. */
    public static KeyedLog start(Platform platform, Path folder, String name, Limits limits) {
        return new KeyedLog(platform, folder, name, limits);
    }

    /** Keeps an item; returns at once. */
    public void add(Item item) {
        boolean isFirst;
        lock.lock();
        try {
            boolean isKept = limits.kept().isPositive() && !isBroken && !closed;
            boolean hasRoom =
                    waiting.size() < WAITING_MAX
                            && waitingOctets + item.weight() <= WAITING_OCTETS_MAX;
            if (!isKept || !hasRoom) {
                return;
            }
            isFirst = waiting.isEmpty();
            if (isFirst || !isAbsorbed(waiting.getLast(), item)) {
                waiting.add(item);
                waitingOctets += item.weight();
            }
        } finally {
            lock.unlock();
        }
        if (isFirst) {
            filled.raise();
        }
    }

    private boolean isAbsorbed(Item last, Item item) {
        int before = last.weight();
        boolean isOne = last.absorbs(item);
        waitingOctets += last.weight() - before;
        return isOne;
    }

    /** Writes what has gathered, then ends. */
    public void close(Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        ended.raise();
        filled.raise();
        task.join(deadline);
    }

    /**
     * What was kept under a number, in the order in which it was added.
     *
     * @param since what is older need not be looked for
     */
    public List<byte[]> find(long key, Instant since) {
        Instant oldest = platform.time().now().minus(limits.kept());
        List<byte[]> inMemory;
        KeyedFiles.Place place;
        lock.lock();
        try {
            inMemory = inMemory(key);
            place = files.place(key); // what is in hand is in no place yet
        } finally {
            lock.unlock();
        }
        var found = new ArrayList<byte[]>();
        try {
            found.addAll(files.find(key, place, since.isAfter(oldest) ? since : oldest));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the journal can't be read", e);
        }
        found.addAll(inMemory);
        return found;
    }

    private List<byte[]> inMemory(long key) {
        var found = new ArrayList<byte[]>();
        for (Item item : inHand.subList(written, inHand.size())) {
            if (item.key() == key) {
                found.add(item.octets());
            }
        }
        for (Item item : waiting) {
            if (item.key() == key) {
                found.add(item.octets());
            }
        }
        return found;
    }

    private void run() {
        try {
            for (List<Item> batch = next(); !batch.isEmpty(); batch = next()) {
                if (!isBroken) {
                    write(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            files.leave();
        }
    }

    /** Empty at the end. */
    private List<Item> next() throws InterruptedException {
        List<Item> batch = inHand.size() < BATCH_MAX ? List.of() : poll();
        while (batch.isEmpty() && !isClosed()) {
            boolean unused = filled.await(Deadline.NEVER);
            unused = ended.await(platform.time().after(GATHERING));
            batch = poll();
        }
        return batch;
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private List<Item> poll() {
        lock.lock();
        try {
            var batch = new ArrayList<Item>();
            while (!waiting.isEmpty() && batch.size() < BATCH_MAX) {
                Item item = waiting.remove();
                waitingOctets -= item.weight();
                batch.add(item);
            }
            inHand = batch;
            written = 0;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** A disk that fails is not worth a second try. */
    private void write(List<Item> batch) {
        try {
            for (Item item : batch) {
                byte[] octets = item.octets();
                KeyedFiles.Written place = files.write(item.key(), octets);
                lock.lock();
                try {
                    files.note(place);
                    written++;
                } finally {
                    lock.unlock();
                }
            }
        } catch (IOException | RuntimeException e) {
            isBroken = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} are not kept any more until the next start: {1}",
                    name,
                    e.getMessage());
        }
    }
}

package org.posthouse.spool;

import org.posthouse.core.SpoolId;
import org.posthouse.platform.Disk;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps the keys of messages that are done, in memory by {@link AcceptIds} and in a file. */
final class KeptKeys {
    private static final Logger LOG = System.getLogger(KeptKeys.class.getName());

    private static final String NOT_KEPT = "keys of submitted messages are not kept over a crash";

    /** Behind a failure the file is written anew after this: it may be long. */
    static final Duration RENEW_AFTER = Duration.ofMinutes(1);

    private final Index index;
    private final KeyFile file;

    /**
     * One notes keys at a time, since one that is written between a look at the keys and the new
     * file would be lost; taken before the index' lock. Guards what follows.
     */
    private final ReentrantLock turn = new ReentrantLock();

    private boolean isRead;

    /** The file is not open, or misses keys. */
    private boolean troubled;

    private long failedAtNanos;

    /**
     * A key.
     *
     * @param message that it stands for
     * @param atMillis when the message was done, or was about to be
     */
    record Kept(String key, long message, long atMillis) {}

    private KeptKeys(Index index, KeyFile file) {
        this.index = index;
        this.file = file;
    }

    /** Reads those that count; without room for the file, memory alone keeps them. */
    static KeptKeys open(Disk disk, Path directory, Index index) {
        var kept = new KeptKeys(index, new KeyFile(disk, directory));
        kept.renew();
        return kept;
    }

    /**
     * Before deliveries are done: their messages' keys are made durable. Where the disk is full or
     * failed the queue must drain all the same: a crash then forgets them.
     */
    void keep(List<Settlement> settlements) {
        if (ending(settlements).isEmpty()) {
            return;
        }
        turn.lock();
        try {
            append(ending(settlements)); // by now others may have noted some
        } finally {
            turn.unlock();
        }
    }

    private void append(List<Kept> ending) {
        if (ending.isEmpty()) {
            return;
        }
        boolean isDue =
                troubled
                        ? index.nowNanos() - failedAtNanos >= RENEW_AFTER.toNanos()
                        : file.isLong(2 * AcceptIds.KEPT_MAX);
        if (isDue) {
            renew();
        }
        try {
            file.append(ending);
        } catch (IOException e) {
            trouble(e);
            return;
        }
        index.lock.lock();
        try {
            ending.forEach(index.acceptIds::noted);
        } finally {
            index.lock.unlock();
        }
    }

    /** Writes the file anew; what is in it and was never read, first. */
    private void renew() {
        try {
            if (!isRead) {
                load();
            }
            file.rewrite(kept());
            troubled = false;
        } catch (IOException e) {
            trouble(e);
            failedAtNanos = index.nowNanos();
        }
    }

    private void load() throws IOException {
        List<Kept> found = file.read();
        isRead = true;
        index.lock.lock();
        try {
            index.acceptIds.load(found);
        } finally {
            index.lock.unlock();
        }
    }

    private List<Kept> kept() {
        index.lock.lock();
        try {
            return index.acceptIds.kept();
        } finally {
            index.lock.unlock();
        }
    }

    /** Told once, until the file is written anew with what it misses. */
    private void trouble(IOException e) {
        if (!troubled) {
            troubled = true;
            failedAtNanos = index.nowNanos();
            LOG.log(Level.WARNING, NOT_KEPT, e);
        }
    }

    private List<Kept> ending(List<Settlement> settlements) {
        List<Kept> ending = new ArrayList<>(0);
        index.lock.lock();
        try {
            Map<Long, String> keys = index.acceptIds.all();
            if (keys.isEmpty()) {
                return ending;
            }
            long now = index.nowMillis();
            for (Settlement each : settlements) {
                SpoolId message = each.delivery().message();
                String key = each.isDone() ? keys.get(message.value()) : null;
                if (key != null && !index.acceptIds.isNoted(message.value())) {
                    ending.add(new Kept(key, message.value(), now));
                }
            }
        } finally {
            index.lock.unlock();
        }
        return ending;
    }

    void close() {
        file.close();
    }
}

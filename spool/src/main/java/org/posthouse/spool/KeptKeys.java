package org.posthouse.spool;

import org.posthouse.core.SpoolId;
import org.posthouse.platform.Disk;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keeps the keys of messages that are done, in memory by {@link AcceptIds} and in a file. */
final class KeptKeys {
    private static final Logger LOG = System.getLogger(KeptKeys.class.getName());

    private static final String NOT_KEPT = "keys of submitted messages are not kept over a crash";

    private final Index index;
    private final KeyFile file;

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
        try {
            kept.load();
        } catch (IOException e) {
            LOG.log(Level.WARNING, NOT_KEPT, e);
        }
        return kept;
    }

    private void load() throws IOException {
        List<Kept> found = file.read();
        index.lock.lock();
        try {
            found.forEach(index.acceptIds::keep);
        } finally {
            index.lock.unlock();
        }
        rewrite();
    }

    /**
     * Before deliveries are done: their messages' keys are made durable. Where the disk is full or
     * failed the queue must drain all the same: a crash then forgets them.
     */
    void keep(List<Settlement> settlements) {
        List<Kept> ending = ending(settlements);
        if (ending.isEmpty()) {
            return;
        }
        try {
            file.append(ending);
            noted(ending);
            if (file.isLong(2 * AcceptIds.KEPT_MAX)) {
                rewrite();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, NOT_KEPT, e);
        }
    }

    private void noted(List<Kept> keys) {
        index.lock.lock();
        try {
            keys.forEach(each -> index.acceptIds.noted(each.message()));
        } finally {
            index.lock.unlock();
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

    private void rewrite() throws IOException {
        List<Kept> kept;
        index.lock.lock();
        try {
            kept = index.acceptIds.kept();
        } finally {
            index.lock.unlock();
        }
        file.rewrite(kept);
    }

    void close() {
        file.close();
    }
}

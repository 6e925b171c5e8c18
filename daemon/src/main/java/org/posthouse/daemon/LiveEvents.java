package org.posthouse.daemon;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands events to whoever looks on just now. Each has a bounded buffer: one that is too slow loses
 * events and is told how many, and slows nobody.
 */
final class LiveEvents implements MailEvents {
    static final int BUFFER_MAX = 4096;
    private static final Duration REST_WITHIN = Duration.ofSeconds(2);

    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    /** Raised when a reader goes; null before the end. */
    private volatile @Nullable Signal ended;

    @Override
    public boolean wantsSteps() {
        return false;
    }

    @Override
    public void emit(MailEvent event) {
        for (Reader each : readers) {
            each.add(event);
        }
    }

    /** Looks on from now; to be closed. */
    Reader read(Signal signal) {
        var reader = new Reader(signal);
        readers.add(reader);
        return reader;
    }

    /** Nothing more happens: who looks on gets the rest, if it takes that soon. */
    void stop(TimeSource time) throws InterruptedException {
        Signal gone = time.signal();
        ended = gone;
        stopped = true;
        readers.forEach(each -> each.signal.raise());
        Deadline deadline = time.after(REST_WITHIN);
        boolean isSoon = true;
        while (isSoon && !readers.isEmpty()) {
            isSoon = gone.await(deadline);
        }
    }

    /** How many look on. */
    int readers() {
        return readers.size();
    }

    boolean isStopped() {
        return stopped;
    }

    /**
     * What a reader gets.
     *
     * @param events in order
     * @param lost so many before them, since the last time
     */
    record Batch(List<MailEvent> events, long lost) {}

    /** One who looks on. */
    final class Reader implements AutoCloseable {
        private final Signal signal;
        private final ReentrantLock lock = new ReentrantLock();

        /** Guarded by the lock, as the number. */
        private final ArrayDeque<MailEvent> buffer = new ArrayDeque<>();

        private long lost;

        private Reader(Signal signal) {
            this.signal = signal;
        }

        private void add(MailEvent event) {
            boolean wasEmpty;
            lock.lock();
            try {
                wasEmpty = buffer.isEmpty();
                if (buffer.size() >= BUFFER_MAX) {
                    buffer.removeFirst();
                    lost++;
                }
                buffer.addLast(event);
            } finally {
                lock.unlock();
            }
            if (wasEmpty) {
                signal.raise();
            }
        }

        /** What has come; perhaps nothing. */
        Batch take() {
            lock.lock();
            try {
                var batch = new Batch(new ArrayList<>(buffer), lost);
                buffer.clear();
                lost = 0;
                return batch;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            boolean unused = readers.remove(this);
            Signal gone = ended;
            if (gone != null) {
                gone.raise();
            }
        }
    }
}

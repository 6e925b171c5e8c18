package org.posthouse.spool;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes the next segment beside the committer's work, when none is free, so that filling one with
 * zeros delays no commit. A thread of its own; one segment is kept at most.
 */
final class SegmentPreparer implements Runnable {
    private static final Logger LOG = System.getLogger(SegmentPreparer.class.getName());

    private final Signal wake;
    private final Maker maker;
    private final AtomicReference<@Nullable Segment> prepared = new AtomicReference<>();
    private volatile boolean wanted;
    private volatile boolean closing;

    /** Makes a segment; may be called beside the committer. */
    interface Maker {
        Segment create() throws IOException;
    }

    SegmentPreparer(TimeSource time, Maker maker) {
        wake = time.signal();
        this.maker = maker;
    }

    /** Another segment will be needed soon. */
    void want() {
        if (!wanted && prepared.get() == null) {
            wanted = true;
            wake.raise();
        }
    }

    /** The segment that was made, if so. */
    @Nullable Segment poll() {
        return prepared.getAndSet(null);
    }

    @Override
    public void run() {
        try {
            while (wake.await(Deadline.NEVER) && !closing) {
                prepare();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "interrupted: the committer makes its segments itself");
        }
    }

    private void prepare() {
        try {
            prepared.set(maker.create());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no segment made ahead", e);
        } finally {
            wanted = false;
        }
    }

    /** Lets the thread end. */
    void close() {
        closing = true;
        wake.raise();
    }
}

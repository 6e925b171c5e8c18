package org.posthouse.relay;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keeps the file of what is known of sites: writes it some time after something changed, and at the
 * end. One thread runs it; it sleeps as long as nothing changes.
 */
final class SiteKeeper {
    /** Between two writes. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final KnownSites file;
    private final TimeSource time;
    private final Signal changed;
    private final Signal ends;
    private final MailEvents events;
    private final Supplier<List<KnownSites.Fact>> known;
    private volatile boolean stopping;

    /** What the file holds; the thread's own once it runs. */
    private List<KnownSites.Fact> written = List.of();

    /**
     * Makes one.
     *
     * @param known what is known of sites now
     */
    SiteKeeper(
            KnownSites file,
            TimeSource time,
            Signal changed,
            MailEvents events,
            Supplier<List<KnownSites.Fact>> known) {
        this.file = file;
        this.time = time;
        this.changed = changed;
        this.events = events;
        this.known = known;
        ends = time.signal();
    }

    /** The thread's body. */
    void run() {
        try {
            while (!stopping) {
                boolean unused = changed.await(Deadline.NEVER);
                boolean ended = ends.await(time.after(PAUSE));
                if (!ended) {
                    write();
                }
            }
            write();
        } catch (InterruptedException e) {
            // nobody does this to us; a restart then probes at once
        }
    }

    private void write() {
        List<KnownSites.Fact> now = known.get();
        if (now.equals(written)) {
            return;
        }
        try {
            file.write(now);
            written = now;
        } catch (IOException e) {
            events.emit(
                    new MailEvent.Trouble(
                            time.now(),
                            "PH-D093",
                            "what is known of next hops could not be kept: " + e.getMessage()));
        }
    }

    /** What the file holds; before the thread runs. */
    List<KnownSites.Fact> kept() {
        try {
            written = file.read();
        } catch (IOException e) {
            written = List.of();
        }
        return written;
    }

    /** Lets the thread write once more and end. */
    void stop() {
        stopping = true;
        ends.raise();
        changed.raise();
    }
}

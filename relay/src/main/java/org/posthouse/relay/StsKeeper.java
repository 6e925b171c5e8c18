package org.posthouse.relay;

import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.Threads;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps policies of MTA-STS: fetches each again once a day, or after half its time, as long as it
 * is used, so that it does not expire while its host can't be reached (RFC 8461 section 10.2); and
 * writes them to a file when they have changed, and at the end, so that a restart does not make
 * every domain a stranger. One thread runs it; it sleeps as long as there are none.
 */
final class StsKeeper {
    private static final String NAME = "mta-sts-policies";
    private static final String FORM = "posthouse mta-sts policies 2";

    /** Between a change and its write: what comes together is written together. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Between two looks at what is to be fetched again. */
    static final Duration ROUND = Duration.ofMinutes(10);

    /** In one look. */
    private static final int FETCHES_MAX = 100;

    private static final long REFRESH_SECONDS = Duration.ofDays(1).toSeconds();
    private static final long RETRY_SECONDS = Duration.ofHours(1).toSeconds();
    private static final long UNUSED_SECONDS = Duration.ofDays(30).toSeconds();

    private final StsPolicies policies;
    private final StsCache cache;
    private final Optional<KeptLines> file;
    private final TimeSource time;
    private final MailEvents events;
    private final Signal changed;
    private final Signal ends;
    private final Guard guard = new Guard();
    private volatile boolean stopping;

    /** When each was fetched again last, without success; the thread's own. */
    private final Map<String, Long> tried = new LinkedHashMap<>();

    /** What the file holds; the thread's own once it runs. */
    private String written = "";

    /** Makes one for the parts of a relay. */
    StsKeeper(RelayParts parts) {
        time = parts.platform().time();
        events = parts.events();
        changed = time.signal();
        ends = time.signal();
        cache = new StsCache();
        policies = new StsPolicies(parts.platform(), events, cache, changed);
        file =
                parts.memory()
                        .map(folder -> new KeptLines(parts.platform().disk(), folder, NAME, FORM));
    }

    StsPolicies policies() {
        return policies;
    }

    /** Takes what the file holds, and starts the thread. */
    Threads.Task start(Threads threads) {
        file.ifPresent(this::restore);
        Threads.Task task = threads.start("relay mta-sts", this::run);
        guard.guards(task);
        return task;
    }

    private void restore(KeptLines from) {
        try {
            cache.restore(from.read());
            written = cache.lines(nowSeconds());
        } catch (IOException e) {
            trouble("what is known of MTA-STS policies can't be read: " + e.getMessage());
        }
    }

    private void run() {
        Deadline round = time.after(ROUND);
        try {
            while (!stopping) {
                boolean isEmpty = cache.all().isEmpty();
                if (changed.await(isEmpty ? Deadline.NEVER : round)) {
                    boolean unused = ends.await(time.after(PAUSE));
                }
                if (isEmpty || time.isPast(round)) { // whatever woke it: news may come all the time
                    refresh();
                    round = time.after(ROUND);
                }
                write();
            }
        } catch (InterruptedException e) {
            write();
        }
    }

    private void refresh() {
        long now = nowSeconds();
        int count = 0;
        for (StsCache.Kept each : cache.all()) {
            if (isDue(each, now) && count < FETCHES_MAX && guard.enter()) {
                count++;
                tried.put(each.domain(), now);
                try {
                    policies.refresh(each);
                } finally {
                    guard.leave();
                }
            }
        }
        tried.values().removeIf(at -> now - at >= RETRY_SECONDS);
    }

    private boolean isDue(StsCache.Kept kept, long now) {
        long wait = Math.min(REFRESH_SECONDS, kept.policy().maxAgeSeconds() / 2);
        return kept.holds(now)
                && now - kept.fetchedSeconds() >= wait
                && now - kept.usedSeconds() < UNUSED_SECONDS
                && now - tried.getOrDefault(kept.domain(), 0L) >= RETRY_SECONDS;
    }

    private void write() {
        if (file.isEmpty()) {
            return;
        }
        String now = cache.lines(nowSeconds());
        if (now.equals(written)) {
            return;
        }
        try {
            file.get().write(now);
            written = now;
        } catch (IOException e) {
            trouble("what is known of MTA-STS policies could not be kept: " + e.getMessage());
        }
    }

    private void trouble(String text) {
        events.emit(new MailEvent.Trouble(time.now(), "PH-D094", text));
    }

    private long nowSeconds() {
        return time.now().getEpochSecond();
    }

    /** Lets the thread write once more and end. */
    void stop() {
        stopping = true;
        guard.cut();
        ends.raise();
        changed.raise();
    }
}

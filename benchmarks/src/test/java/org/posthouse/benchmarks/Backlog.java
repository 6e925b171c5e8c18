package org.posthouse.benchmarks;

import org.posthouse.core.ContentSink;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;
import org.posthouse.spool.Progress;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.Settlement;
import org.posthouse.spool.Spool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A queue as it may stand after a bad week: most messages were never tried and wait for their
 * instant, some were deferred once and have a recorded state, a few of these are due. It is made
 * through the spool's own interface, by many threads, so that they share forces.
 */
final class Backlog {
    static final int DOMAINS = 10_000;

    /** Trace field and body together; the most that counts as a small message here is 200. */
    private static final int BODY_OCTETS = 96;

    /** One in so many was tried once. */
    private static final int TRIED_OF = 10;

    /** Of those that were tried, one in so many is due again. */
    private static final int DUE_OF = 10;

    private static final int SETTLED_AT_ONCE = 1000;
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration SOONEST = Duration.ofHours(6);
    private static final long SPAN_SECONDS = Duration.ofDays(5).toSeconds();
    private static final String REPLY = "451 4.7.1 greylisted, try again later";

    private final Platform platform;
    private final Spool spool;
    private final Instant start;
    private final byte[] body = Octets.random(BODY_OCTETS);

    Backlog(Platform platform, Spool spool) {
        this.platform = platform;
        this.spool = spool;
        start = platform.time().now();
    }

    static String domain(long number) {
        return String.format(Locale.ROOT, "d%05d.example", number % DOMAINS);
    }

    void accept(long count, int threads) throws Exception {
        AtomicLong next = new AtomicLong();
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        List<Threads.Task> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tasks.add(
                    platform.threads()
                            .start(
                                    "session",
                                    () -> {
                                        try {
                                            acceptSome(next, count);
                                        } catch (RuntimeException e) {
                                            failure.set(e);
                                        }
                                    }));
        }
        for (Threads.Task task : tasks) {
            task.join(Deadline.NEVER);
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void acceptSome(AtomicLong next, long count) {
        for (long i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            ContentSink content = spool.openContent();
            content.write(body, 0, body.length);
            Instant notBefore = i % TRIED_OF == 0 ? Instant.EPOCH : later(i);
            Mail.accept(
                    spool,
                    Mail.acceptance(Mail.to("user" + i, domain(scattered(i))), content, notBefore));
        }
    }

    /** Each number once, neighbours far from each other. */
    private static long scattered(long number) {
        return number * 7_919;
    }

    private Instant later(long number) {
        return start.plus(SOONEST).plusSeconds(scattered(number) % SPAN_SECONDS);
    }

    /** Tries those that are due, in vain; tells how many. */
    long deferDue() throws InterruptedException {
        List<QueuedDelivery> dueAgain = new ArrayList<>();
        long tried = 0;
        while (true) {
            List<QueuedDelivery> taken = spool.take(SETTLED_AT_ONCE, platform.time().after(WAIT));
            if (taken.isEmpty()) {
                dueAgain.forEach(delivery -> spool.giveBack(delivery.id(), start));
                return tried;
            }
            List<Settlement> settlements = new ArrayList<>(taken.size());
            for (int i = 0; i < taken.size(); i++) {
                settlements.add(deferred(taken.get(i), nextAt(tried + i)));
            }
            if (!spool.settle(settlements)) {
                throw new IllegalStateException("could not be settled");
            }
            for (QueuedDelivery delivery : taken) {
                if (isDueAgain(tried)) {
                    dueAgain.add(delivery);
                } else {
                    spool.giveBack(delivery.id(), nextAt(tried));
                }
                tried++;
            }
        }
    }

    private static boolean isDueAgain(long number) {
        return number % DUE_OF == 0;
    }

    private Instant nextAt(long number) {
        return isDueAgain(number) ? start : later(number);
    }

    private static Settlement deferred(QueuedDelivery delivery, Instant next) {
        Progress progress = new Progress(1, next, Instant.MAX, false, false, REPLY, "");
        return new Settlement(delivery.id(), delivery.epoch(), List.of(0), progress, List.of());
    }
}

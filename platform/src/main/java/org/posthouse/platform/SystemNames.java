package org.posthouse.platform;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Names as the machine itself finds them. Its look-up is a native call that may take long and has
 * no time-out: it gets a thread of its own, so that it blocks neither a carrier of virtual threads
 * nor the one who asks.
 */
final class SystemNames {
    private static final int LOOKUPS_MAX = 16;
    private static final Duration KEEP_FOUND = Duration.ofSeconds(30); // as the JDK does
    private static final Duration KEEP_MISSING = Duration.ofSeconds(10);

    /**
     * How C libraries say that there is no such name. Every other text, and one that only repeats
     * the name (the JDK remembers a failure without its reason), may be a failure for now.
     */
    private static final List<String> MISSING =
            List.of(
                    "name or service not known",
                    "name does not resolve",
                    "nodename nor servname",
                    "no such host is known",
                    "no address associated with");

    private final Semaphore permits = new Semaphore(LOOKUPS_MAX);
    private final TimeSource time;

    SystemNames(TimeSource time) {
        this.time = time;
    }

    DnsReply ask(String host, Deadline deadline) {
        if (!permits.tryAcquire()) {
            return DnsReply.failure("the system is looking up too many names");
        }
        FutureTask<InetAddress[]> task = new FutureTask<>(() -> lookUp(host));
        Thread.ofPlatform().daemon(true).name("system-names").start(task);
        try {
            long left = Math.max(0, deadline.nanos() - time.nanos());
            List<InetAddress> found = List.of(task.get(left, TimeUnit.NANOSECONDS));
            return new DnsReply(new DnsAnswer.Found<>(found, KEEP_FOUND, false), KEEP_FOUND);
        } catch (TimeoutException e) {
            return DnsReply.failure("the system found no answer in time");
        } catch (ExecutionException e) {
            return reply(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DnsReply.failure("interrupted");
        }
    }

    /** What the text of an {@link UnknownHostException} means. */
    static DnsReply reply(String failure) {
        String text = failure.toLowerCase(Locale.ROOT);
        return MISSING.stream().anyMatch(text::contains)
                ? new DnsReply(new DnsAnswer.NoDomain<>(), KEEP_MISSING)
                : DnsReply.failure(failure);
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        try {
            return InetAddress.getAllByName(host);
        } finally {
            permits.release();
        }
    }
}

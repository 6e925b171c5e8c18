package org.posthouse.benchmarks;

import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.spool.QueuedDelivery;
import org.posthouse.spool.RecoveryReport;
import org.posthouse.spool.SpoolAdmin;
import org.posthouse.spool.SpoolLog;
import org.posthouse.spool.SpoolSettings;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Opens a large queue in a JVM of its own and prints, as NAME=VALUE, what that took. */
public final class BacklogStart {
    private static final int DOMAINS_LOOKED_AT = 9;
    private static final int PAGE = 1000;
    private static final int TAKEN_AT_ONCE = 1000;
    private static final Duration WAIT = Duration.ofMillis(300);
    private static final double MILLI = 1e6;
    private static final double MIB = 1 << 20;
    private static final DeliveryId FIRST = new DeliveryId(new SpoolId(1), 0);

    private final Platform platform;
    private final Path directory;

    private BacklogStart(Platform platform, Path directory) {
        this.platform = platform;
        this.directory = directory;
    }

    /** The argument is the spool's directory. */
    public static void main(String[] arguments) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.system())) {
            var measured = new BacklogStart(platform, Path.of(arguments[0]));
            platform.threads()
                    .startDedicated("start", () -> run(measured, failure))
                    .join(Deadline.NEVER);
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }

    private static void run(BacklogStart measured, AtomicReference<Throwable> failure) {
        try {
            measured.run();
        } catch (Throwable e) { // thrown again by the first thread
            failure.set(e);
        }
    }

    private void run() throws Exception {
        long jvm = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
        long before = platform.time().nanos();
        try (SpoolLog spool = SpoolLog.open(platform, directory, SpoolSettings.DEFAULTS)) {
            double opened = millisSince(before);
            List<QueuedDelivery> first = spool.take(1, platform.time().after(WAIT));
            double taken = millisSince(before);
            if (first.isEmpty()) {
                throw new IllegalStateException("nothing is due");
            }
            print("JVM until open, ms", jvm);
            print("open, ms", opened);
            print("open and first take, ms", taken);
            print("heap after GC, MiB", heap());
            SpoolAdmin admin = spool.admin();
            report(admin.recovery());
            print("deliveries now", admin.deliveryCount());
            look(admin);
            take(spool);
            flush(spool);
            print("heap after GC, all done, MiB", heap());
        }
    }

    private void report(RecoveryReport found) {
        print("messages found", found.messages());
        print("log read, MiB", found.octetsRead() / MIB);
    }

    private void look(SpoolAdmin admin) {
        List<Double> lists = new ArrayList<>();
        List<Double> counts = new ArrayList<>();
        long listed = 0;
        for (int i = 0; i < DOMAINS_LOOKED_AT; i++) {
            String domain = Backlog.domain(i * 997L);
            long before = platform.time().nanos();
            long count = admin.deliveryCount(domain);
            counts.add(millisSince(before));
            before = platform.time().nanos();
            listed = list(admin, domain);
            lists.add(millisSince(before));
            if (listed != count) {
                throw new IllegalStateException(listed + " listed of " + count);
            }
        }
        print("one domain, deliveries", listed);
        print("one domain, count, ms", Spread.of(counts, x -> x).median());
        print("one domain, list first time, ms", lists.getFirst());
        print("one domain, list, ms", Spread.of(lists, x -> x).median());
    }

    private static long list(SpoolAdmin admin, String domain) {
        long listed = 0;
        DeliveryId after = FIRST;
        List<QueuedDelivery> page;
        do {
            page = admin.list(domain, after, PAGE);
            listed += page.size();
            if (!page.isEmpty()) {
                after = page.getLast().id();
            }
        } while (page.size() == PAGE);
        return listed;
    }

    /** All that is due. */
    private void take(SpoolLog spool) throws InterruptedException {
        long count = 0;
        double longest = 0;
        double sum = 0;
        while (true) {
            long before = platform.time().nanos();
            int taken = spool.take(TAKEN_AT_ONCE, platform.time().after(WAIT)).size();
            double millis = millisSince(before);
            if (taken == 0) {
                break;
            }
            count += taken;
            sum += millis;
            longest = Math.max(longest, millis);
        }
        print("due, deliveries", count);
        print("due, take all, ms", sum);
        print("due, longest take, ms", longest);
    }

    private void flush(SpoolLog spool) throws InterruptedException {
        List<Double> calls = new ArrayList<>();
        List<Double> wholes = new ArrayList<>();
        long flushed = 0;
        for (int i = 0; i < DOMAINS_LOOKED_AT; i++) {
            String domain = Backlog.domain(i * 997L + 13);
            long before = platform.time().nanos();
            flushed = spool.admin().retryNow(domain);
            calls.add(millisSince(before));
            takeAll(spool, domain, flushed);
            wholes.add(millisSince(before));
        }
        print("flush one domain, deliveries", flushed);
        print("flush one domain, call, ms", Spread.of(calls, x -> x).median());
        print("flush one domain, first time until all taken, ms", wholes.getFirst());
        print("flush one domain, until all taken, ms", Spread.of(wholes, x -> x).median());
    }

    private void takeAll(SpoolLog spool, String domain, long count) throws InterruptedException {
        Set<DeliveryId> seen = new HashSet<>();
        while (seen.size() < count) {
            List<QueuedDelivery> taken =
                    spool.take(TAKEN_AT_ONCE, platform.time().after(Duration.ofSeconds(10)));
            if (taken.isEmpty()) {
                throw new IllegalStateException(seen.size() + " came of " + count);
            }
            for (QueuedDelivery delivery : taken) {
                if (delivery.domain().equals(domain)) {
                    seen.add(delivery.id());
                }
            }
        }
    }

    private static double heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
    }

    private double millisSince(long before) {
        return (platform.time().nanos() - before) / MILLI;
    }

    private static void print(String name, double value) {
        System.out.printf(Locale.ROOT, "%s=%.3f%n", name, value);
    }
}

package org.posthouse.sim;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Entropy;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A world in one thread: threads run one at a time in an order that the seed decides, the clock
 * jumps when none can run, network, DNS and disk are in memory and fail when told to. Equal seed
 * and equal code give equal {@link #traceHash()}.
 *
 * <p>Untimed locks, conditions and queues of the JDK work as they are; whoever waits for a time
 * must do so by {@link #time()}. It needs {@code --add-opens
 * java.base/java.lang=org.posthouse.sim,ALL-UNNAMED}.
 *
 * @since 0.1
 */
public final class SimPlatform implements Platform {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration REBOOT = Duration.ofSeconds(30);

    private final long seed;
    private final SimTrace trace = new SimTrace();
    private final SimScheduler scheduler;
    private final SimTime time;
    private final Threads threads;
    private final SimNetwork network;
    private final SimDns dns;
    private final SimHttps https;
    private final SimDisk disk;
    private final Entropy entropy;
    private double memoryShare;
    private long memoryOctetsMax = Long.MAX_VALUE;

    /** A new world. */
    public SimPlatform(long seed) {
        this(seed, START, 1_000_000_000L, new SimTree());
    }

    private SimPlatform(long seed, Instant zero, long nanos, SimTree tree) {
        this.seed = seed;
        this.scheduler = new SimScheduler(new SimRandom(seed, "threads"), trace, nanos);
        this.time = new SimTime(scheduler, zero);
        this.threads = new SimThreads(scheduler);
        this.network = new SimNetwork(scheduler, new SimRandom(seed, "network"), trace);
        this.dns = new SimDns(scheduler, trace);
        this.https = new SimHttps(scheduler, trace);
        this.disk = new SimDisk(scheduler, new SimRandom(seed, "disk"), trace, time, tree);
        this.entropy = new SimEntropy(new SimRandom(seed, "entropy"));
    }

    /** How much of the memory is in use from now on, from 0 to 1. */
    public void memoryShare(double share) {
        memoryShare = share;
    }

    @Override
    public double memoryShare() {
        return memoryShare;
    }

    /** How much memory there is, for what asks from now on. */
    public void memoryOctetsMax(long octets) {
        memoryOctetsMax = octets;
    }

    @Override
    public long memoryOctetsMax() {
        return memoryOctetsMax;
    }

    /**
     * Runs the body as a simulated thread and drives the world until it has returned and nothing
     * more can run at that instant. What the body throws is thrown as it is; a deadlock, a thread
     * that dies of an exception and an endless run are {@link AssertionError}s.
     */
    public <E extends Exception> void run(SimBody<E> body) throws E {
        call(
                () -> {
                    body.run();
                    return this;
                });
    }

    /** Like {@link #run}, for a result. */
    public <T, E extends Exception> T call(SimCall<T, E> body) throws E {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        try {
            scheduler.drive(
                    "body",
                    () -> {
                        try {
                            result.set(body.call());
                        } catch (SimCrash e) {
                            throw e;
                        } catch (Throwable e) { // handed to the caller of run
                            thrown.set(e);
                        }
                    });
        } catch (AssertionError e) {
            Throwable first = thrown.get();
            if (first == null) {
                throw e;
            }
            first.addSuppressed(e);
        }
        Throwable failure = thrown.get();
        if (failure != null) {
            SimThrow.unchecked(failure);
        }
        T value = result.get();
        if (value == null) {
            throw new IllegalStateException("the body returned nothing");
        }
        return value;
    }

    /** Lets this much time pass; everything due meanwhile happens. */
    public void advance(Duration duration) {
        if (scheduler.isSimulatedThread()) {
            try {
                time.sleep(duration);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while time advanced", e);
            }
        } else {
            run(() -> advance(duration));
        }
    }

    /** Lets all others run until each waits for the clock or for another one. */
    public void settle() {
        if (scheduler.isSimulatedThread()) {
            scheduler.settle();
        } else {
            run(() -> {});
        }
    }

    /**
     * The world after a crash: what the disk kept, the same DNS records, half a minute later, no
     * threads and no connections. Nothing of the old one runs any more.
     */
    public SimPlatform restart(SimLoss loss) {
        SimTree left = loss == SimLoss.PROCESS ? disk.afterKill() : disk.afterPowerCut(loss);
        long nanos = scheduler.nanos() + REBOOT.toNanos();
        SimPlatform next = new SimPlatform(SimRandom.mix(seed + 1), time.zero(), nanos, left);
        next.dns.copyFrom(dns);
        next.https.copyFrom(https);
        next.disk.takeSettings(disk);
        scheduler.crash("restarted");
        return next;
    }

    /** Fails when a simulated thread is left. */
    public void assertQuiet() {
        if (!liveThreads().isEmpty()) {
            throw new AssertionError(scheduler.report("threads are left"));
        }
    }

    /** Fails when a thread, a port, a connection, a file or a lock is left. */
    public void assertNothingOpen() {
        assertQuiet();
        if (!network.listening().isEmpty()
                || network.openConnections() > 0
                || disk.openFiles() > 0
                || disk.heldLocks() > 0) {
            throw new AssertionError(
                    "left open: ports "
                            + network.listening()
                            + ", connections "
                            + network.openConnections()
                            + ", files "
                            + disk.openFiles()
                            + ", locks "
                            + disk.heldLocks());
        }
    }

    /** The names of the threads that have not ended, in the order of their start. */
    public List<String> liveThreads() {
        return scheduler.liveThreads();
    }

    /** One number for everything that happened so far. */
    public long traceHash() {
        return trace.hash();
    }

    /** Adds a fact of the test's own to what {@link #traceHash()} covers. */
    public void trace(String fact) {
        trace.add(fact);
    }

    /** How often a thread was picked so far. */
    public long steps() {
        return scheduler.steps();
    }

    /**
     * The run fails after so many steps, or a tenth of them at one instant: 50 million without this
     * call.
     */
    public void stepsMax(long steps) {
        scheduler.stepsMax(steps);
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    @Override
    public SimTime time() {
        return time;
    }

    @Override
    public Threads threads() {
        return threads;
    }

    @Override
    public SimNetwork network() {
        return network;
    }

    @Override
    public SimDns dns() {
        return dns;
    }

    @Override
    public SimHttps https() {
        return https;
    }

    @Override
    public SimDisk disk() {
        return disk;
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }
}

package org.posthouse.testkit.virtual;

import org.posthouse.platform.Disk;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.Entropy;
import org.posthouse.platform.Https;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;
import org.posthouse.platform.TimeSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Real threads and files, a clock that a test moves, a network in memory. */
public final class VirtualPlatform implements Platform, AutoCloseable {
    private static final long SEED = 1;

    private final JdkPlatform real =
            JdkPlatform.create(
                    DnsSettings.servers(
                            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1))));
    private final VirtualClock clock = new VirtualClock(VirtualClock.PATIENCE);
    private final VirtualTime time;
    private final VirtualThreads threads;
    private final MemoryNetwork network;
    private final Disk disk = new SwiftDisk(real.disk());
    private final Entropy entropy = new SeededEntropy(SEED);
    private final Dns dns;
    private final Https https;

    /** One whose wall clock begins then. */
    public VirtualPlatform(Instant start, Function<TimeSource, Dns> makeDns, Https https) {
        this.https = https;
        time = new VirtualTime(clock, start);
        threads = new VirtualThreads(clock, real.threads());
        network = new MemoryNetwork(clock, time, new Bridge(clock, threads, real.network()));
        dns = makeDns.apply(time);
    }

    /** What moves the time. */
    public VirtualClock clock() {
        return clock;
    }

    @Override
    public TimeSource time() {
        return time;
    }

    @Override
    public Threads threads() {
        return threads;
    }

    @Override
    public MemoryNetwork network() {
        return network;
    }

    @Override
    public Dns dns() {
        return dns;
    }

    @Override
    public Https https() {
        return https;
    }

    @Override
    public Disk disk() {
        return disk;
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    /** Closes the real ports. */
    @Override
    public void close() {
        real.close();
    }
}

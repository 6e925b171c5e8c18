package org.posthouse.platform;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * The real thing: clocks, virtual threads, sockets, dnsjava and files of the machine that we run
 * on.
 *
 * @since 0.1
 */
public final class JdkPlatform implements Platform, AutoCloseable {
    private final TimeSource time = new JdkTime();
    private final Threads threads = new JdkThreads();
    private final JdkNetwork network = new JdkNetwork();
    private final Disk disk = new JdkDisk();
    private final Entropy entropy = new JdkEntropy();
    private final Https https = new JdkHttps(network, time);
    private final Dns dns;

    private JdkPlatform(DnsSettings dnsSettings) {
        this.dns = new JdkDns(dnsSettings, time);
    }

    /** With these settings for DNS; close it when done. */
    public static JdkPlatform create(DnsSettings dnsSettings) {
        return new JdkPlatform(dnsSettings);
    }

    /** The clocks alone, for what is made before there is a platform. */
    public static TimeSource clocks() {
        return new JdkTime();
    }

    /** The disk alone, for who looks before there is a platform. */
    public static Disk files() {
        return new JdkDisk();
    }

    @Override
    public TimeSource time() {
        return time;
    }

    @Override
    public double memoryShare() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage kept = pool.getCollectionUsage();
            if (pool.getType() == MemoryType.HEAP && kept != null) {
                used += kept.getUsed();
            }
        }
        return (double) used / memoryOctetsMax();
    }

    @Override
    public long memoryOctetsMax() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public Threads threads() {
        return threads;
    }

    @Override
    public Network network() {
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

    /** Closes the ports and connections that are still open; threads are their owners' to end. */
    @Override
    public void close() {
        network.close();
    }
}

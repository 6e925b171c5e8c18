package org.posthouse.testkit.virtual;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network of {@link MemoryHost}s: nothing else can be reached. Ports that are bound are real
 * ones, of the loopback address only, so that any client of this machine can talk to the engine.
 */
public final class MemoryNetwork implements Network {
    private static final int FIRST_FREE_PORT = 49_152;
    private static final int FREE_PORTS = 65_536 - FIRST_FREE_PORT;
    private static final InetAddress OURS_4 = address(192, 0, 2, 1);
    private static final InetAddress OURS_6 =
            address(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    private final VirtualClock clock;
    private final VirtualTime time;
    private final Bridge bridge;
    private final Map<InetAddress, MemoryHost> hosts = new ConcurrentHashMap<>();
    private final AtomicInteger ports = new AtomicInteger();

    MemoryNetwork(VirtualClock clock, VirtualTime time, Bridge bridge) {
        this.clock = clock;
        this.time = time;
        this.bridge = bridge;
    }

    private static InetAddress address(int... octets) {
        var raw = new byte[octets.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) octets[i];
        }
        try {
            return InetAddress.getByAddress(raw);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e); // these are addresses
        }
    }

    /** A host at this address and port. */
    public MemoryHost host(InetSocketAddress address) {
        return hosts.computeIfAbsent(
                address.getAddress(), key -> new MemoryHost(clock, time, address));
    }

    /** The host is at this address, too. */
    public void alsoAt(InetAddress address, MemoryHost host) {
        hosts.put(address, host);
    }

    @Override
    public Listening listen(InetSocketAddress address, int backlog) throws IOException {
        return bridge.listen(address.getPort(), backlog);
    }

    @Override
    public Connection connect(InetSocketAddress remote, InetAddress source, Deadline deadline)
            throws IOException {
        MemoryHost host = hosts.get(remote.getAddress());
        if (host == null) {
            throw new NoRouteToHostException("no host of this internet is at " + remote);
        }
        InetAddress ours = remote.getAddress() instanceof Inet6Address ? OURS_6 : OURS_4;
        InetAddress from = source.isAnyLocalAddress() ? ours : source;
        int port = FIRST_FREE_PORT + Math.floorMod(ports.getAndIncrement(), FREE_PORTS);
        try {
            return host.connect(new InetSocketAddress(from, port), remote, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting");
        }
    }
}

package org.posthouse.sim;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.Network;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network in memory. Every address exists; whoever listens on it is that host. A wildcard
 * listener answers on loopback addresses and those given to {@link #ownAddress}.
 *
 * @since 0.1
 */
public final class SimNetwork implements Network {
    private static final int CAPACITY = 64 * 1024;
    private static final int FIRST_FREE_PORT = 49_152;

    private final SimScheduler scheduler;
    private final SimRandom random;
    private final SimTrace trace;
    private final Map<InetSocketAddress, SimListening> listeners = new LinkedHashMap<>();
    private final Map<InetAddress, SimHost> hosts = new HashMap<>();
    private final Set<InetAddress> own = new HashSet<>();
    private final Set<SimLink> links = new LinkedHashSet<>();
    private Duration latency = Duration.ZERO;
    private Duration jitter = Duration.ZERO;
    private InetAddress source4 = address("192.0.2.1");
    private InetAddress source6 = address("2001:db8::1");
    private int nextPort = FIRST_FREE_PORT;
    private int capacity = CAPACITY;
    private long connected;

    SimNetwork(SimScheduler scheduler, SimRandom random, SimTrace trace) {
        this.scheduler = scheduler;
        this.random = random;
        this.trace = trace;
    }

    /** An address from its text; never looks up a name. */
    public static InetAddress address(String literal) {
        return AddressLiteral.parse(literal)
                .orElseThrow(() -> new IllegalArgumentException("not an address: " + literal));
    }

    /** An address and port from texts such as {@code 192.0.2.7}. */
    public static InetSocketAddress socket(String literal, int port) {
        return new InetSocketAddress(address(literal), port);
    }

    /** The settings of a host, to put faults there. */
    public SimHost host(InetAddress address) {
        return hosts.computeIfAbsent(address, key -> new SimHost(this, key));
    }

    /** The settings of a host, to put faults there. */
    public SimHost host(String literal) {
        return host(address(literal));
    }

    /** An address that wildcard listeners answer on, and the source of connections. */
    public void ownAddress(InetAddress address) {
        own.add(address);
        if (address instanceof Inet6Address) {
            source6 = address;
        } else {
            source4 = address;
        }
    }

    /** How long octets travel, where a host has no setting of its own; plus a random part. */
    public void latency(Duration base, Duration jitterMax) {
        latency = base;
        jitter = jitterMax;
    }

    /** How many octets may be on the way in one direction of a connection opened from now on. */
    public void capacity(int octets) {
        capacity = octets;
    }

    /** The next so many accepts on this port fail as with too many open files. */
    public void failAccepts(InetSocketAddress address, int count) {
        SimListening listening = listeners.get(address);
        if (listening == null) {
            throw new IllegalArgumentException("nobody listens on " + address);
        }
        listening.failNextAccepts(count);
    }

    /** How many connections were established so far. */
    public long connectedCount() {
        return connected;
    }

    /** Connections that are open at least at one end. */
    public int openConnections() {
        return links.size();
    }

    /** Bound ports. */
    public List<InetSocketAddress> listening() {
        return List.copyOf(listeners.keySet());
    }

    @Override
    public Listening listen(InetSocketAddress address, int backlog) throws IOException {
        scheduler.checkAlive();
        InetSocketAddress bound = address.getPort() == 0 ? withFreePort(address) : address;
        if (listeners.containsKey(bound)) {
            throw new BindException("Address already in use: " + bound);
        }
        SimListening listening = new SimListening(this, scheduler, bound, backlog);
        listeners.put(bound, listening);
        return listening;
    }

    @Override
    public Connection connect(InetSocketAddress remote, InetAddress source, Deadline deadline)
            throws IOException {
        scheduler.checkAlive();
        SimHost host = host(remote.getAddress());
        trace.add("connect " + remote, scheduler.nanos());
        scheduler.yieldPoint();
        if (host.isUnreachable()) {
            throw new NoRouteToHostException("no route to " + remote);
        }
        travel(2 * delayNanos(host), deadline);
        if (host.isDark()) {
            travel(Long.MAX_VALUE, deadline);
        }
        SimListening listening = listenerFor(remote);
        if (listening == null || host.isRefusing()) {
            throw new ConnectException("Connection refused: " + remote);
        }
        return open(listening, host, remote, source, deadline);
    }

    private Connection open(
            SimListening listening,
            SimHost host,
            InetSocketAddress remote,
            InetAddress source,
            Deadline deadline)
            throws IOException {
        SimLink link = new SimLink(this, host);
        InetAddress from = source.isAnyLocalAddress() ? sourceFor(remote.getAddress()) : source;
        InetSocketAddress local = new InetSocketAddress(from, freePort());
        if (!listening.offer(new SimConnection(this, link, true, remote, local))) {
            travel(Long.MAX_VALUE, deadline);
        }
        links.add(link);
        connected++;
        return new SimConnection(this, link, false, local, remote);
    }

    SimPipe pipe() {
        return new SimPipe(scheduler, trace, capacity);
    }

    long delayNanos(SimHost host) {
        long spread = host.jitterOr(jitter).toNanos();
        return host.latencyOr(latency).toNanos() + (spread == 0 ? 0 : random.below(spread));
    }

    int clientsOf(SimHost host) {
        int count = 0;
        for (SimLink link : links) {
            count += link.hasClient(host) ? 1 : 0;
        }
        return count;
    }

    void forget(SimLink link) {
        links.remove(link);
    }

    void unbind(SimListening listening) {
        listeners.remove(listening.address());
    }

    void yieldPoint() {
        scheduler.checkAlive();
        scheduler.yieldPoint();
        scheduler.checkAlive();
    }

    void wakeAll() {
        links.forEach(SimLink::wake);
    }

    void resetConnectionsTo(SimHost host) {
        for (SimLink link : List.copyOf(links)) {
            if (link.server.equals(host)) {
                link.reset("Connection reset");
            }
        }
    }

    private void travel(long nanos, Deadline deadline) throws IOException {
        if (nanos == 0) {
            return;
        }
        Deadline arrival =
                nanos == Long.MAX_VALUE ? Deadline.NEVER : new Deadline(scheduler.nanos() + nanos);
        SimCondition nothing = new SimCondition(scheduler);
        try {
            while (nothing.await(arrival.earlier(deadline))) {
                // woken for nothing
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting");
        }
        scheduler.checkAlive();
        if (arrival.isNever() || arrival.nanos() > scheduler.nanos()) {
            throw new DeadlineExceeded("no connection in time");
        }
    }

    private @Nullable SimListening listenerFor(InetSocketAddress remote) {
        SimListening exact = listeners.get(remote);
        if (exact != null) {
            return exact;
        }
        InetAddress address = remote.getAddress();
        if (!address.isLoopbackAddress() && !own.contains(address)) {
            return null;
        }
        SimListening any = listeners.get(socket("0.0.0.0", remote.getPort()));
        return any == null ? listeners.get(socket("::", remote.getPort())) : any;
    }

    private InetAddress sourceFor(InetAddress remote) {
        if (remote.isLoopbackAddress()) {
            return remote;
        }
        return remote instanceof Inet6Address ? source6 : source4;
    }

    private InetSocketAddress withFreePort(InetSocketAddress address) {
        InetSocketAddress free = new InetSocketAddress(address.getAddress(), freePort());
        while (listeners.containsKey(free)) {
            free = new InetSocketAddress(address.getAddress(), freePort());
        }
        return free;
    }

    private int freePort() {
        int port = nextPort;
        nextPort = nextPort == 65_535 ? FIRST_FREE_PORT : nextPort + 1;
        return port;
    }
}

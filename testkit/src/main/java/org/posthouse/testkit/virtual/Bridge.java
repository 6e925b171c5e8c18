package org.posthouse.testkit.virtual;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Leads from real ports of the loopback address into the network in memory. */
final class Bridge {
    private static final int OCTETS_AT_ONCE = 16 * 1024;

    private final VirtualClock clock;
    private final VirtualThreads threads;
    private final Network real;

    Bridge(VirtualClock clock, VirtualThreads threads, Network real) {
        this.clock = clock;
        this.threads = threads;
        this.real = real;
    }

    Network.Listening listen(int port, int backlog) throws IOException {
        Network.Listening outer =
                real.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), backlog);
        var inner = new MemoryListening(clock, outer.address(), outer::close);
        threads.startBystander("bridge " + outer.address(), () -> accept(outer, inner));
        return inner;
    }

    private void accept(Network.Listening outer, MemoryListening inner) {
        while (!outer.isClosed()) {
            try {
                join(outer.accept(), inner);
            } catch (IOException e) {
                // closed, or this one failed
            }
        }
    }

    private void join(Connection outer, MemoryListening inner) {
        var pair = MemoryConnection.pair(clock, outer.remote(), outer.local());
        if (!inner.offer(pair)) {
            outer.close();
            return;
        }
        threads.startBystander("bridge in", () -> pump(outer, pair.client()));
        threads.startBystander("bridge out", () -> pump(pair.client(), outer));
    }

    /** The end of one direction ends the other only when both have ended. */
    private static void pump(Connection from, Connection to) {
        var octets = new byte[OCTETS_AT_ONCE];
        try {
            int count = from.read(octets, 0, octets.length, Deadline.NEVER);
            while (count >= 0) {
                to.write(octets, 0, count, Deadline.NEVER);
                count = from.read(octets, 0, octets.length, Deadline.NEVER);
            }
        } catch (IOException e) {
            // one of them has ended
        } finally {
            from.close();
            to.close();
        }
    }
}

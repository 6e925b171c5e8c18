package org.posthouse.sim;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayDeque;

/** A bound port of the simulated network. */
final class SimListening implements Network.Listening {
    private final SimNetwork network;
    private final SimScheduler scheduler;
    private final InetSocketAddress address;
    private final int backlog;
    private final SimCondition changed;
    private final ArrayDeque<SimConnection> waiting = new ArrayDeque<>();
    private int failures;
    private boolean closed;

    SimListening(
            SimNetwork network, SimScheduler scheduler, InetSocketAddress address, int backlog) {
        this.network = network;
        this.scheduler = scheduler;
        this.address = address;
        this.backlog = Math.max(1, backlog);
        this.changed = new SimCondition(scheduler);
    }

    /** False when the queue is full: the attempt gets no answer. */
    boolean offer(SimConnection connection) {
        if (waiting.size() >= backlog) {
            return false;
        }
        waiting.add(connection);
        changed.signalAll();
        return true;
    }

    void failNextAccepts(int count) {
        failures += count;
        changed.signalAll();
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Connection accept() throws IOException {
        while (true) {
            scheduler.checkAlive();
            if (closed) {
                throw new SocketException("the port was closed");
            }
            if (failures > 0) {
                failures--;
                throw new SocketException("Too many open files");
            }
            SimConnection next = waiting.poll();
            if (next != null) {
                return next;
            }
            try {
                changed.await(Deadline.NEVER);
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while accepting");
            }
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        network.unbind(this);
        for (SimConnection connection : waiting) {
            connection.link().reset("connection reset");
        }
        waiting.clear();
        changed.signalAll();
    }
}

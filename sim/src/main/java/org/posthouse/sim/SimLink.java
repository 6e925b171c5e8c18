package org.posthouse.sim;

import java.util.List;

/** What both ends of a connection share: the wire, and what is wrong with it. */
final class SimLink {
    private final SimNetwork network;
    final SimHost server;
    private final List<SimPipe> pipes;
    private final SimPipe toServer;
    private final SimPipe toClient;
    private boolean serverClosed;
    private boolean clientClosed;
    private long leftToServer;
    private long leftToClient;
    private final SimPipe secureToServer;
    private final SimPipe secureToClient;

    SimLink(SimNetwork network, SimHost server) {
        this.network = network;
        this.server = server;
        this.toServer = network.pipe();
        this.toClient = network.pipe();
        this.secureToServer = network.pipe();
        this.secureToClient = network.pipe();
        this.leftToServer = server.takeCutReceiving();
        this.leftToClient = server.takeCutSending();
        this.pipes = List.of(toServer, toClient, secureToServer, secureToClient);
    }

    SimPipe towards(boolean serverEnd, boolean secured) {
        if (secured) {
            return serverEnd ? secureToServer : secureToClient;
        }
        return serverEnd ? toServer : toClient;
    }

    /** How many of these octets still pass before the wire is cut. */
    int allow(SimPipe pipe, int length) {
        boolean serverEnd = pipe == toServer || pipe == secureToServer;
        long left = serverEnd ? leftToServer : leftToClient;
        int allowed = (int) Math.min(left, length);
        if (serverEnd) {
            leftToServer -= allowed;
        } else {
            leftToClient -= allowed;
        }
        return allowed;
    }

    long delayNanos() {
        return network.delayNanos(server);
    }

    boolean isDark() {
        return server.isDark();
    }

    void reset(String reason) {
        for (SimPipe pipe : pipes) {
            pipe.breakOff(reason);
        }
        network.forget(this);
    }

    /** One end says nothing more: what it sent still arrives. */
    void endFrom(boolean serverEnd) {
        for (boolean secured : new boolean[] {false, true}) {
            towards(!serverEnd, secured).end();
        }
    }

    /**
     * One end closes: what it sent still arrives, what it has not read is dropped, and the other
     * end's writes fail from now on.
     */
    void closeFrom(boolean serverEnd) {
        serverClosed |= serverEnd;
        clientClosed |= !serverEnd;
        for (boolean secured : new boolean[] {false, true}) {
            towards(!serverEnd, secured).end();
            towards(serverEnd, secured).breakOff("the other end closed the connection");
        }
        if (serverClosed && clientClosed) {
            network.forget(this);
        }
    }

    boolean hasClient(SimHost host) {
        return server == host && !clientClosed;
    }

    void wake() {
        for (SimPipe pipe : pipes) {
            pipe.wake();
        }
    }
}

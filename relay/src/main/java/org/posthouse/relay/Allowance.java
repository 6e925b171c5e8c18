package org.posthouse.relay;

import java.util.List;

/**
 * What a site may have, or all sites of a provider together: connections, and a rate, which follows
 * the complaints of any of them. Guarded by the dispatcher's lock.
 */
final class Allowance {
    private final String name;
    private final PathRate rate = new PathRate();
    private final int connectionsMax;
    private final int messagesPerMinute;
    private final List<CommonRate> connections;
    private int workers;
    private int waiting;

    private Allowance(RelaySettings.Provider provider) {
        name = provider.name();
        connectionsMax = provider.connectionsMax();
        messagesPerMinute = provider.messagesPerMinute();
        connections = Site.Common.rates(provider.connectionsPerMinute(), 0);
    }

    private Allowance() {
        name = "";
        connectionsMax = Integer.MAX_VALUE;
        messagesPerMinute = 0;
        connections = List.of();
    }

    /** Of one site: what its route says. */
    static Allowance own() {
        return new Allowance();
    }

    static Allowance of(RelaySettings.Provider provider) {
        return new Allowance(provider);
    }

    /** What bounds how often connections are tried. */
    List<CommonRate> connections() {
        return connections;
    }

    /** The provider's name; empty for a site's own. */
    String name() {
        return name;
    }

    PathRate rate() {
        return rate;
    }

    /** The lower one of what is said here and by a route. */
    void ceiling(double perMinute, long nowMillis) {
        double own = messagesPerMinute == 0 ? Double.POSITIVE_INFINITY : messagesPerMinute;
        rate.ceiling(Math.min(perMinute, own), nowMillis);
    }

    /** One more worker may join. */
    boolean hasRoom() {
        return workers < connectionsMax;
    }

    /** Workers at most. */
    int connectionsMax() {
        return connectionsMax;
    }

    void joined() {
        workers++;
    }

    void left() {
        workers--;
    }

    /** So many more sites wait in line. */
    void waits(int sites) {
        waiting += sites;
    }

    boolean isWaitedFor() {
        return waiting > 0;
    }
}

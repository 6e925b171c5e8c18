package org.posthouse.relay;

/**
 * What a site may have, or all sites of a provider together: connections, and a rate, which follows
 * the complaints of any of them. Guarded by the dispatcher's lock.
 */
final class Allowance {
    private final String name;
    private final PathRate rate = new PathRate();
    private final int connectionsMax;
    private final int messagesPerMinute;
    private int workers;
    private int waiting;

    private Allowance(String name, int connectionsMax, int messagesPerMinute) {
        this.name = name;
        this.connectionsMax = connectionsMax;
        this.messagesPerMinute = messagesPerMinute;
    }

    /** Of one site: what its route says. */
    static Allowance own() {
        return new Allowance("", Integer.MAX_VALUE, 0);
    }

    static Allowance of(RelaySettings.Provider provider) {
        return new Allowance(
                provider.name(), provider.connectionsMax(), provider.messagesPerMinute());
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

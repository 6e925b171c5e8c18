package org.posthouse.platform;

/**
 * Everything ambient, in one place: whoever needs time, threads, network, DNS, disk or randomness
 * gets it from here, by constructor. The real one is {@code JdkPlatform}; tests use a simulated
 * one.
 *
 * @since 0.1
 */
public interface Platform {
    /** The clocks. */
    TimeSource time();

    /** Starts threads. */
    Threads threads();

    /** Opens and accepts connections. */
    Network network();

    /** Asks the domain name system. */
    Dns dns();

    /** Fetches documents by HTTPS; nothing by default. */
    default Https https() {
        return Https.NONE;
    }

    /** Reads and writes files. */
    Disk disk();

    /** Gives random numbers. */
    Entropy entropy();

    /**
     * How much of the memory for objects is in use for certain, from 0 to 1: what the last
     * collection could not free. 0 where that can't be told.
     */
    default double memoryShare() {
        return 0;
    }

    /** The most memory for objects, in octets. */
    default long memoryOctetsMax() {
        return Long.MAX_VALUE;
    }
}

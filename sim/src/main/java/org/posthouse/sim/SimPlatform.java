package org.posthouse.sim;

/** The simulated platform. */
public final class SimPlatform {
    /** For a seed. */
    public SimPlatform(long seed) {}
}

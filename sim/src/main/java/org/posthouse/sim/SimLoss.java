package org.posthouse.sim;

/**
 * What a crash takes with it.
 *
 * @since 0.1
 */
public enum SimLoss {
    /** The process is gone; what it wrote stands, forced or not. */
    PROCESS,
    /** The power is gone: of what was not forced, the seed keeps some. */
    POWER
}

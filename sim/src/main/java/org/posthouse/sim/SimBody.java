package org.posthouse.sim;

/**
 * What a simulated thread runs.
 *
 * @param <E> what it may throw
 * @since 0.1
 */
@FunctionalInterface
public interface SimBody<E extends Exception> {
    /** Runs it. */
    void run() throws E;
}

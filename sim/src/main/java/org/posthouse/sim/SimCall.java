package org.posthouse.sim;

/**
 * What a simulated thread runs for a result.
 *
 * @param <T> the result
 * @param <E> what it may throw
 * @since 0.1
 */
@FunctionalInterface
public interface SimCall<T, E extends Exception> {
    /** Runs it. */
    T call() throws E;
}

package org.posthouse.core;

/**
 * Takes runs of octets. The array is the caller's again when the call returns.
 *
 * @param <X> what it may throw; {@code RuntimeException} for nothing checked
 * @since 0.1
 */
@FunctionalInterface
public interface OctetOutput<X extends Exception> {
    /**
     * Takes octets.
     *
     * @throws X as the implementation says
     */
    void write(byte[] octets, int offset, int length) throws X;
}

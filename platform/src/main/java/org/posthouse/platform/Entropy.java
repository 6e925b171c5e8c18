package org.posthouse.platform;

/**
 * Random numbers, from any thread.
 *
 * @since 0.1
 */
public interface Entropy {
    /** Fills the array with unpredictable octets (keys, challenges). */
    void fill(byte[] octets);

    /** A number from 0 to below the bound (jitter, shuffles; not for secrets). */
    int below(int bound);

    /** A number from 0 (inclusive) to 1 (exclusive), not for secrets. */
    double fraction();
}

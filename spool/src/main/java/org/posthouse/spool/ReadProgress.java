package org.posthouse.spool;

/**
 * Is told how far the reading of a log has come.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ReadProgress {
    /** Tells nobody. */
    ReadProgress NONE = (octets, of) -> {};

    /**
     * So much was read.
     *
     * @param octets read until now
     * @param of to read, as far as is known now
     */
    void read(long octets, long of);
}

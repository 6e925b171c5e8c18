package org.posthouse.spool;

/**
 * Octets of a message that are missing or damaged.
 *
 * @param start where they begin in the whole message
 * @param octets how many
 * @param isThere they were read, though they do not fit their checksum; false: they are missing
 * @since 0.1
 */
public record ContentGap(long start, long octets, boolean isThere) {}

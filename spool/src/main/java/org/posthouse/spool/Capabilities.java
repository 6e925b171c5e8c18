package org.posthouse.spool;

/**
 * What a spool promises.
 *
 * @param replicated accepted messages survive the loss of this machine
 * @param durable accepted messages survive a power cut; false only when asked for
 * @param contentOctetsMax the largest content it takes
 * @since 0.1
 */
public record Capabilities(boolean replicated, boolean durable, long contentOctetsMax) {}

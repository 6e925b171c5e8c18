package org.posthouse;

import org.posthouse.core.SpoolId;

/**
 * The proof that a submitted message is on disk.
 *
 * @param id its name in the queue
 * @param repeated true when its key was known: nothing new was stored
 * @since 0.1
 */
public record SendReceipt(SpoolId id, boolean repeated) {}

package org.posthouse.sim;

/**
 * How a disk operation fails.
 *
 * @since 0.1
 */
public enum SimDiskFailure {
    /** The device fails. */
    INPUT_OUTPUT_ERROR,
    /** The device is full. */
    NO_SPACE
}

package org.posthouse.core;

/**
 * The RET parameter of MAIL: how much of the message a failure report returns (RFC 3461 section
 * 4.3).
 *
 * @since 0.1
 */
public enum Ret {
    /** No RET parameter: our choice. */
    UNSPECIFIED,
    /** {@code RET=FULL}: the whole message. */
    FULL,
    /** {@code RET=HDRS}: the header section only. */
    HDRS
}

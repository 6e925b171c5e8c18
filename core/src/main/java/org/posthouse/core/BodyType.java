package org.posthouse.core;

/**
 * The BODY parameter of MAIL (RFC 6152, RFC 3030).
 *
 * @since 0.1
 */
public enum BodyType {
    /** No BODY parameter, or {@code BODY=7BIT}. */
    SEVEN_BIT,
    /** {@code BODY=8BITMIME}. */
    EIGHT_BIT_MIME,
    /** {@code BODY=BINARYMIME}; needs CHUNKING. */
    BINARY_MIME
}

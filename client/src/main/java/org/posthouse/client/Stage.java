package org.posthouse.client;

/**
 * How far a conversation had come when something was said, or when it broke.
 *
 * @since 0.1
 */
public enum Stage {
    /** Connected, the greeting awaited. */
    GREETING,
    /** EHLO or HELO. */
    HELLO,
    /** STARTTLS and the handshake, or the handshake of implicit TLS. */
    TLS,
    /** AUTH. */
    AUTH,
    /** MAIL, or the RSET before it. */
    MAIL,
    /** RCPT. */
    RCPT,
    /** DATA, up to the 354. */
    DATA,
    /** The content and the reply to its end. */
    CONTENT
}

package org.posthouse.testkit;

/**
 * A moment of a session at which a sandbox can be made to fail.
 *
 * @since 0.1
 */
public enum Stage {
    /** The client connected; nothing was said yet. */
    CONNECT,
    /** HELO or EHLO; its argument is the client's name. */
    HELO,
    /** AUTH, when the login is right; its argument is the login. */
    AUTH,
    /** MAIL; its argument is the address, empty for the null reverse-path. */
    MAIL_FROM,
    /** RCPT; its argument is the address. */
    RCPT_TO,
    /** DATA, or the first BDAT, before any content. */
    DATA,
    /** The end of the content. */
    DOT
}

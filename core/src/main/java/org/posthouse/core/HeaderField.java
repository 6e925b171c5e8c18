package org.posthouse.core;

/**
 * The header fields that the server itself looks for (RFC 5322 section 3.6, RFC 5321 section 4.4).
 *
 * @since 0.1
 */
public enum HeaderField {
    /** Received, one for each server on the way. */
    RECEIVED("RECEIVED"),
    /** Delivered-To, by which local stores see their own loops. */
    DELIVERED_TO("DELIVERED-TO"),
    /** Return-Path, which only final delivery adds. */
    RETURN_PATH("RETURN-PATH"),
    /** Date. */
    DATE("DATE"),
    /** From. */
    FROM("FROM"),
    /** Sender. */
    SENDER("SENDER"),
    /** Reply-To. */
    REPLY_TO("REPLY-TO"),
    /** To. */
    TO("TO"),
    /** Cc. */
    CC("CC"),
    /** Bcc. */
    BCC("BCC"),
    /** Message-ID. */
    MESSAGE_ID("MESSAGE-ID"),
    /** Subject. */
    SUBJECT("SUBJECT"),
    /** TLS-Required, by which a message waives what is published about TLS. */
    TLS_REQUIRED("TLS-REQUIRED");

    private final String upperName;

    HeaderField(String upperName) {
        this.upperName = upperName;
    }

    String upperName() {
        return upperName;
    }
}

package org.posthouse.core;

/**
 * The bounds of SMTP's syntax, in octets unless the name says otherwise.
 *
 * @since 0.1
 */
public final class ProtocolLimits {
    /** Domain name or address literal (RFC 5321 section 4.5.3.1.2). */
    public static final int DOMAIN_OCTETS_MAX = 255;

    /**
     * Reverse-path or forward-path with its angle brackets (RFC 5321 section 4.5.3.1.3). A local
     * part has no limit of its own: bounce addresses are longer than 64 octets, and limits are to
     * be avoided (RFC 5321 section 4.5.3.1).
     */
    public static final int PATH_OCTETS_MAX = 256;

    /** Label of a domain name (RFC 1035 section 2.3.4). */
    public static final int LABEL_OCTETS_MAX = 63;

    /**
     * Code points of a label that is not ASCII: its ASCII form has {@code xn--} and at least one
     * octet for each (RFC 5890 section 2.3.2.1).
     */
    public static final int UNICODE_LABEL_CODE_POINTS_MAX = LABEL_OCTETS_MAX - 4;

    /** Name that a client gives in HELO or EHLO. */
    public static final int HELO_NAME_OCTETS_MAX = 255;

    /**
     * Command line with CRLF: 512 (RFC 5321 section 4.5.3.1.4), and what SIZE, BODY, SMTPUTF8, AUTH
     * and the DSN parameters add to it, rounded up.
     */
    public static final int COMMAND_LINE_OCTETS_MAX = 2048;

    /** Line of an AUTH exchange with CRLF, the AUTH command included (RFC 4954 section 4). */
    public static final int AUTH_LINE_OCTETS_MAX = 12_288;

    /** Line of a reply that we send, with CRLF (RFC 5321 section 4.5.3.1.5). */
    public static final int REPLY_LINE_OCTETS_MAX = 512;

    /** Line of a reply that we accept, with CRLF: what it means is told by its first octets. */
    public static final int REPLY_LINE_ACCEPTED_OCTETS_MAX = 16_384;

    /** What is kept of the text of such a line: four times what is allowed. */
    public static final int REPLY_TEXT_KEPT_OCTETS_MAX = 2048;

    /** Lines of one reply that we accept. */
    public static final int REPLY_LINES_MAX = 100;

    /** One reply that we accept, as a whole. */
    public static final int REPLY_OCTETS_MAX = 32_768;

    /** Line of content, without CRLF (RFC 5322 section 2.1.1). */
    public static final int TEXT_LINE_OCTETS_MAX = 998;

    /** Line of content that we write, without CRLF, where it can be chosen (RFC 5322 2.1.1). */
    public static final int TEXT_LINE_OCTETS_PREFERRED = 78;

    /** Value of ENVID (RFC 3461 section 4.4). */
    public static final int ENVELOPE_ID_OCTETS_MAX = 100;

    /** Value of ORCPT (RFC 3461 section 4.2). */
    public static final int ORIGINAL_RECIPIENT_OCTETS_MAX = 500;

    /** Value of the AUTH parameter of MAIL (RFC 4954 section 5). */
    public static final int AUTH_PARAMETER_OCTETS_MAX = 500;

    /** Digits of the SIZE parameter (RFC 1870 section 4). */
    public static final int SIZE_DIGITS_MAX = 20;

    /** Digits of the chunk size of BDAT: what fits a long. */
    public static final int CHUNK_SIZE_DIGITS_MAX = 18;

    /** Name of a SASL mechanism (RFC 4422 section 3.1). */
    public static final int MECHANISM_OCTETS_MAX = 20;

    private ProtocolLimits() {}
}

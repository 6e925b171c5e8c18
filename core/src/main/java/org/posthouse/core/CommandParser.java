package org.posthouse.core;

/**
 * Reads command lines: a total function from octets to {@link Command}, strict, without exceptions.
 *
 * @since 0.1
 */
public final class CommandParser {
    private final String postmasterDomain;

    /**
     * Makes a parser.
     *
     * @param postmasterDomain the domain that the bare {@code <postmaster>} of RCPT stands for (RFC
     *     5321 section 4.1.1.3)
     */
    public CommandParser(String postmasterDomain) {
        this.postmasterDomain = postmasterDomain;
    }

    /**
     * Parses one line, CRLF excluded.
     *
     * @param utf8 true in a transaction, or for a MAIL command, that may use SMTPUTF8
     */
    public Command parse(byte[] line, int from, int to) {
        throw new UnsupportedOperationException(postmasterDomain);
    }
}

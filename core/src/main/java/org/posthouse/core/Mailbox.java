package org.posthouse.core;

import java.util.Locale;
import java.util.Optional;

/**
 * An address {@code local-part@domain} (RFC 5321 section 4.1.2, RFC 6531). The local part is held
 * without quotes and escapes and keeps its case; the domain is a name or an address literal such as
 * {@code [192.0.2.1]}, in lower case and with A-labels (RFC 5890), so that a domain has one
 * spelling, whatever its owner or a client write. {@link #address()} quotes where needed. Two
 * mailboxes are equal when both parts are.
 *
 * <p>An address has 254 octets at most, as it is written (RFC 5321 section 4.5.3.1.3); within that,
 * its local part may be longer than 64.
 *
 * @param localPart 1 to 252 octets once encoded, without control characters
 * @param domain 1 to 255 octets; labels of letters, digits, underscores and inner hyphens, or a
 *     valid literal
 * @since 0.1
 */
public record Mailbox(String localPart, String domain) implements ReversePath {
    /**
     * Checks both parts by the rules of the parser, and spells the domain as all do. What is no
     * domain name stays as it is: nothing will be found for it.
     *
     * @throws IllegalArgumentException when they make no address
     */
    public Mailbox {
        domain = Idna.spelled(domain);
        if (!MailboxParser.isValid(localPart, domain)) {
            throw new IllegalArgumentException("not an address: " + localPart + "@" + domain);
        }
    }

    /**
     * Reads {@code ada@example.net} by the strict parser of the wire.
     *
     * @throws IllegalArgumentException when the text is not an address
     */
    public static Mailbox parse(String text) {
        return MailboxParser.parse(text);
    }

    /** Reads {@code ada@example.net} by the strict parser of the wire; empty for anything else. */
    public static Optional<Mailbox> tryParse(String text) {
        return MailboxParser.tryParse(text);
    }

    /** The address as it stands between angle brackets, local part quoted where needed. */
    @Override
    public String address() {
        return MailboxParser.quoteIfNeeded(localPart) + "@" + domain;
    }

    @Override
    public boolean isNull() {
        return false;
    }

    /** The same with a local part in lower case; itself where that would be too long. */
    public Mailbox inLowerCase() {
        String lower = localPart.toLowerCase(Locale.ROOT);
        return MailboxParser.isValid(lower, domain) ? new Mailbox(lower, domain) : this;
    }

    /** True for {@code [192.0.2.1]} and the like (RFC 5321 section 4.1.3). */
    public boolean isAddressLiteral() {
        return domain.startsWith("[");
    }

    /** True when SMTPUTF8 is needed to say this address (RFC 6531). */
    public boolean needsSmtpUtf8() {
        return !isAscii(localPart) || !isAscii(domain);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address();
    }
}

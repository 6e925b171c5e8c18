package org.posthouse.core;

import java.util.Locale;
import java.util.Objects;

/**
 * An address {@code local-part@domain} (RFC 5321 section 4.1.2, RFC 6531). The local part is held
 * without quotes and escapes and keeps its case; the domain is a name or an address literal such as
 * {@code [192.0.2.1]}, ASCII letters in lower case. {@link #address()} quotes where needed. Two
 * mailboxes are equal when both parts are.
 *
 * @param localPart 1 to 64 octets once encoded, without CR, LF or NUL
 * @param domain 1 to 255 octets
 * @since 0.1
 */
public record Mailbox(String localPart, String domain) implements ReversePath {
    /** Checks the parts for what could break a command line, and lower-cases the domain. */
    public Mailbox {
        Objects.requireNonNull(localPart);
        domain = domain.toLowerCase(Locale.ROOT);
        if (domain.isEmpty() || hasControl(localPart) || hasControl(domain)) {
            throw new IllegalArgumentException("not an address");
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

    /** The address as it stands between angle brackets, local part quoted where needed. */
    @Override
    public String address() {
        return MailboxParser.quoteIfNeeded(localPart) + "@" + domain;
    }

    /** True for {@code [192.0.2.1]} and the like (RFC 5321 section 4.1.3). */
    public boolean isAddressLiteral() {
        return domain.startsWith("[");
    }

    /** True when SMTPUTF8 is needed to say this address (RFC 6531). */
    public boolean needsSmtpUtf8() {
        return localPart.chars().anyMatch(c -> c > 126) || domain.chars().anyMatch(c -> c > 126);
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c < 32 || c == 127);
    }

    @Override
    public String toString() {
        return address();
    }
}

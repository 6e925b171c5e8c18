package org.posthouse.policy;

import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

/**
 * A pattern of addresses: {@code *}, {@code *@domain}, {@code *@*.domain} (sub-domains only) or
 * {@code user@domain}. Domains and, in patterns, local parts compare without regard to ASCII case.
 *
 * @param text as written
 * @since 0.1
 */
public record AddressPattern(String text) {
    /**
     * Checks the syntax.
     *
     * @throws IllegalArgumentException when it is none of the four forms
     */
    public AddressPattern {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty pattern");
        }
    }

    /** True when the address fits. */
    public boolean matches(Mailbox mailbox) {
        throw new UnsupportedOperationException(mailbox.address());
    }

    /** True when the reverse-path fits; the null path fits {@code *} only. */
    public boolean matches(ReversePath path) {
        throw new UnsupportedOperationException(path.address());
    }
}

package org.posthouse.policy;

import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

/**
 * A pattern of addresses: {@code *}, {@code *@domain}, {@code *@*.domain} (sub-domains only) or
 * {@code user@domain}. Domains and, in patterns, local parts compare without regard to ASCII case.
 *
 * @since 0.1
 */
public final class AddressPattern {
    private enum Kind {
        ANY,
        DOMAIN,
        SUB_DOMAINS,
        ADDRESS
    }

    private static final String ANY_LOCAL_PART = "*@";
    private static final String ANY_SUB_DOMAIN = "*@*.";

    private final String text;
    private final Kind kind;
    private final String localPart;
    private final String domain;

    /**
     * Reads a pattern.
     *
     * @param text one of the four forms
     * @throws IllegalArgumentException when it is none of them
     */
    public AddressPattern(String text) {
        this.text = text;
        if (text.equals("*")) {
            kind = Kind.ANY;
            localPart = "";
            domain = "";
            return;
        }
        int prefix = 0;
        if (text.startsWith(ANY_SUB_DOMAIN)) {
            kind = Kind.SUB_DOMAINS;
            prefix = ANY_SUB_DOMAIN.length();
        } else if (text.startsWith(ANY_LOCAL_PART)) {
            kind = Kind.DOMAIN;
            prefix = ANY_LOCAL_PART.length();
        } else {
            kind = Kind.ADDRESS;
        }
        Mailbox mailbox = mailbox(prefix == 0 ? text : "any@" + text.substring(prefix));
        if (kind == Kind.SUB_DOMAINS && mailbox.isAddressLiteral()) {
            throw notAPattern(text);
        }
        localPart = mailbox.localPart();
        domain = mailbox.domain();
    }

    /** The pattern as written. */
    public String text() {
        return text;
    }

    /** True when the address fits. */
    public boolean matches(Mailbox mailbox) {
        return switch (kind) {
            case ANY -> true;
            case DOMAIN -> mailbox.domain().equals(domain);
            case SUB_DOMAINS -> isSubDomain(mailbox.domain());
            case ADDRESS ->
                    mailbox.domain().equals(domain)
                            && Ascii.equalsIgnoreCase(mailbox.localPart(), localPart);
        };
    }

    /** True when the reverse-path fits; the null path fits {@code *} only. */
    public boolean matches(ReversePath path) {
        return switch (path) {
            case Mailbox mailbox -> matches(mailbox);
            case ReversePath.Null unused -> kind == Kind.ANY;
        };
    }

    /** True for {@code *}. */
    boolean isAny() {
        return kind == Kind.ANY;
    }

    /** True when every address of a domain fits. */
    boolean matchesAllOf(String other) {
        return switch (kind) {
            case ANY -> true;
            case DOMAIN -> other.equals(domain);
            case SUB_DOMAINS -> isSubDomain(other);
            case ADDRESS -> false;
        };
    }

    /** True when an address of a domain fits. */
    boolean matchesSomeOf(String other) {
        return kind == Kind.ADDRESS ? other.equals(domain) : matchesAllOf(other);
    }

    private boolean isSubDomain(String other) {
        int dot = other.length() - domain.length() - 1;
        return dot > 0 && other.charAt(dot) == '.' && other.endsWith(domain);
    }

    private static Mailbox mailbox(String address) {
        return Mailbox.tryParse(address).orElseThrow(() -> notAPattern(address));
    }

    private static IllegalArgumentException notAPattern(String text) {
        return new IllegalArgumentException("not a pattern of addresses: " + text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressPattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

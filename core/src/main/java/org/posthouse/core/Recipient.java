package org.posthouse.core;

import java.util.Objects;

/**
 * One forward-path of a transaction with its DSN parameters (RFC 5321 section 4.1.1.3, RFC 3461).
 *
 * @param mailbox the address
 * @param notifyOn NOTIFY
 * @param originalRecipient ORCPT as given, for example {@code rfc822;ada@example.net}; empty when
 *     not given
 * @since 0.1
 */
public record Recipient(Mailbox mailbox, Notify notifyOn, String originalRecipient) {
    /** Checks that nothing is missing. */
    public Recipient {
        Objects.requireNonNull(mailbox);
        Objects.requireNonNull(notifyOn);
        Objects.requireNonNull(originalRecipient);
    }

    /** A recipient without DSN parameters. */
    public static Recipient of(Mailbox mailbox) {
        return new Recipient(mailbox, Notify.UNSPECIFIED, "");
    }
}

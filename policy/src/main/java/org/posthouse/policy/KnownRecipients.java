package org.posthouse.policy;

import org.posthouse.core.Mailbox;

/**
 * Which addresses of our own domains exist.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface KnownRecipients {
    /** Every local part of a domain of ours exists. */
    KnownRecipients ALL = mailbox -> true;

    /** True when the address exists. Must be fast and must not block. */
    boolean contains(Mailbox mailbox);
}

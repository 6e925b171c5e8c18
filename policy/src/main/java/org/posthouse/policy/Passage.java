package org.posthouse.policy;

import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

import java.util.Objects;

/**
 * All that the choice of a route looks at: mail of somebody for somebody.
 *
 * @param reversePath the address of MAIL
 * @param login the authenticated identity that sent it; empty: none
 * @param recipient the address of RCPT
 * @since 0.1
 */
public record Passage(ReversePath reversePath, String login, Mailbox recipient) {
    /** Checks that nothing is missing. */
    public Passage {
        Objects.requireNonNull(reversePath);
        Objects.requireNonNull(login);
        Objects.requireNonNull(recipient);
    }

    /** A report of ours. */
    public static Passage ofReport(Mailbox recipient) {
        return new Passage(ReversePath.NULL, "", recipient);
    }

    /** The same mail for somebody else. */
    Passage to(Mailbox other) {
        return new Passage(reversePath, login, other);
    }
}

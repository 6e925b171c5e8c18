package org.posthouse.policy;

import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

import java.util.Objects;

/**
 * All that a decision about one recipient looks at.
 *
 * @param listener name of the listener
 * @param client the client's address
 * @param login the authenticated identity; empty: none
 * @param tls the session is secured
 * @param reversePath the address of MAIL
 * @param recipient the address of RCPT
 * @since 0.1
 */
public record Facts(
        String listener,
        IpAddress client,
        String login,
        boolean tls,
        ReversePath reversePath,
        Mailbox recipient) {
    /** Checks that nothing is missing. */
    public Facts {
        Objects.requireNonNull(listener);
        Objects.requireNonNull(client);
        Objects.requireNonNull(login);
        Objects.requireNonNull(reversePath);
        Objects.requireNonNull(recipient);
    }
}

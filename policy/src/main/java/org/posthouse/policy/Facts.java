package org.posthouse.policy;

import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

import java.util.List;
import java.util.Objects;

/**
 * All that a decision about one recipient looks at.
 *
 * @param listener name of the listener
 * @param client the client's address
 * @param login the authenticated identity; empty: none
 * @param tls the session is secured
 * @param certificate fingerprint of the client's certificate, SHA-256 in lower case hex; empty:
 *     none
 * @param reversePath the address of MAIL
 * @param ownsReversePath that address belongs to the login
 * @param recipient the address of RCPT
 * @param spent names of relay rules that have granted all that their limits allow for now
 * @since 0.1
 */
public record Facts(
        String listener,
        IpAddress client,
        String login,
        boolean tls,
        String certificate,
        ReversePath reversePath,
        boolean ownsReversePath,
        Mailbox recipient,
        List<String> spent) {
    /** With no rule at its limit. */
    public Facts(
            String listener,
            IpAddress client,
            String login,
            boolean tls,
            String certificate,
            ReversePath reversePath,
            boolean ownsReversePath,
            Mailbox recipient) {
        this(
                listener,
                client,
                login,
                tls,
                certificate,
                reversePath,
                ownsReversePath,
                recipient,
                List.of());
    }

    /** Without a certificate, and with a reverse-path of which it is not known whose it is. */
    public Facts(
            String listener,
            IpAddress client,
            String login,
            boolean tls,
            ReversePath reversePath,
            Mailbox recipient) {
        this(listener, client, login, tls, "", reversePath, false, recipient);
    }

    /** The same with rules at their limits. */
    public Facts withSpent(List<String> rules) {
        return new Facts(
                listener,
                client,
                login,
                tls,
                certificate,
                reversePath,
                ownsReversePath,
                recipient,
                rules);
    }

    /** Checks that nothing is missing. */
    public Facts {
        Objects.requireNonNull(listener);
        Objects.requireNonNull(client);
        Objects.requireNonNull(login);
        Objects.requireNonNull(certificate);
        Objects.requireNonNull(reversePath);
        Objects.requireNonNull(recipient);
        spent = List.copyOf(spent);
    }
}

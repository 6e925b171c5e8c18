package org.posthouse.core;

import java.util.List;
import java.util.Objects;

/**
 * The envelope of a message: who gets it and where reports go (RFC 5321 section 2.3.1).
 *
 * @param reversePath the address of MAIL
 * @param options the parameters of MAIL
 * @param recipients those of RCPT that were accepted, at least one, in order
 * @since 0.1
 */
public record Envelope(ReversePath reversePath, MailOptions options, List<Recipient> recipients) {
    /** Copies the list and checks that it is not empty. */
    public Envelope {
        Objects.requireNonNull(reversePath);
        Objects.requireNonNull(options);
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope needs a recipient");
        }
    }
}

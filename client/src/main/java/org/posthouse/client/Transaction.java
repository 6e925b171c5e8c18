package org.posthouse.client;

import org.posthouse.core.Content;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;

import java.util.List;
import java.util.Objects;

/**
 * One message for recipients of one next hop.
 *
 * @param reversePath the address of MAIL
 * @param options the parameters of MAIL as they were received
 * @param recipients at least one, at most {@link #RECIPIENTS_MAX}
 * @param content the message; stays open, its owner closes it
 * @since 0.1
 */
public record Transaction(
        ReversePath reversePath, MailOptions options, List<Recipient> recipients, Content content) {
    /**
     * Recipients of one transaction: as many as every host must take (RFC 5321 section 4.5.3.1.8).
     * Bounds what is written before replies are read, so that both ends can't block on full buffers
     * (RFC 2920 section 3.1).
     */
    public static final int RECIPIENTS_MAX = 100;

    /** Copies the list and checks its size. */
    public Transaction {
        Objects.requireNonNull(reversePath);
        Objects.requireNonNull(options);
        Objects.requireNonNull(content);
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty() || recipients.size() > RECIPIENTS_MAX) {
            throw new IllegalArgumentException("not 1 to " + RECIPIENTS_MAX + " recipients");
        }
    }
}

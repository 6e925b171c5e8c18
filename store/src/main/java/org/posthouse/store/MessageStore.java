package org.posthouse.store;

import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.core.ReversePath;

import java.time.Instant;

/**
 * Keeps local mail: final delivery (RFC 5321 section 4.4), so a Return-Path field goes first.
 * Durable on return. Called once a recipient, from many threads.
 *
 * @since 0.1
 */
public interface MessageStore {
    /**
     * Stores one message for one recipient.
     *
     * @return delivered; deferred when the disk is full or failed; failed when it can never be
     *     stored
     */
    Outcome store(LocalMail mail);

    /**
     * A message for one local recipient. Storing the same delivery and recipient again after a
     * crash may leave a second copy, never half of one.
     *
     * @param delivery the delivery it belongs to; with the recipient, a name that is unique here
     * @param recipient who gets it
     * @param reversePath for the Return-Path field
     * @param acceptedAt when it was accepted
     * @param content the whole message; closed by the caller
     */
    record LocalMail(
            DeliveryId delivery,
            Mailbox recipient,
            ReversePath reversePath,
            Instant acceptedAt,
            Content content) {}
}

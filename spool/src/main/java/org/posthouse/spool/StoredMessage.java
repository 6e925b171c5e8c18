package org.posthouse.spool;

import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.Origin;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.List;

/**
 * The stored facts of a message; never change after acceptance.
 *
 * @param id its name
 * @param acceptedAt when it was accepted
 * @param origin where it came from
 * @param envelope who gets it
 * @param dispositions one for each recipient, in order
 * @param notBefore no attempt before this instant; in the past for at once
 * @param expiresAt given up at this instant, whatever the schedule says; {@link Instant#MAX} for
 *     never
 * @param octets length of the whole content, prefix included
 * @since 0.1
 */
public record StoredMessage(
        SpoolId id,
        Instant acceptedAt,
        Origin origin,
        Envelope envelope,
        List<Disposition> dispositions,
        Instant notBefore,
        Instant expiresAt,
        long octets) {
    /** Copies the list. */
    public StoredMessage {
        dispositions = List.copyOf(dispositions);
    }

    /** When its life in the queue begins: mail for later is not older for having waited. */
    public Instant beginsAt() {
        return notBefore.isAfter(acceptedAt) ? notBefore : acceptedAt;
    }
}

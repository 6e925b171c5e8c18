package org.posthouse.spool;

import org.posthouse.core.ContentSink;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.Origin;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A message to take responsibility for.
 *
 * @param acceptId a key of the caller's against storing twice, at most 64 characters; empty: none
 * @param origin where it came from
 * @param envelope who gets it
 * @param dispositions one for each recipient of the envelope, in its order
 * @param prefix octets that go before the content: trace and added fields, each line ending in CRLF
 * @param content the filled sink, of the same spool; used up by the acceptance
 * @param notBefore no attempt before this instant; {@link Instant#EPOCH} for at once
 * @param expiresAt given up at this instant, whatever the schedule says; {@link Instant#MAX} for
 *     never
 * @since 0.1
 */
public record Acceptance(
        String acceptId,
        Origin origin,
        Envelope envelope,
        List<Disposition> dispositions,
        @SuppressWarnings("ArrayRecordComponent") byte[] prefix,
        ContentSink content,
        Instant notBefore,
        Instant expiresAt) {
    /** Characters of an accept id. */
    public static final int ACCEPT_ID_CHARS_MAX = 64;

    /** Checks that every recipient has its disposition. */
    public Acceptance {
        Objects.requireNonNull(acceptId);
        Objects.requireNonNull(origin);
        Objects.requireNonNull(prefix);
        Objects.requireNonNull(content);
        Objects.requireNonNull(notBefore);
        Objects.requireNonNull(expiresAt);
        if (acceptId.length() > ACCEPT_ID_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "a key of more than " + ACCEPT_ID_CHARS_MAX + " characters");
        }
        dispositions = List.copyOf(dispositions);
        if (dispositions.size() != envelope.recipients().size()) {
            throw new IllegalArgumentException("one disposition a recipient");
        }
    }

    /** One that is given up when the schedule says so. */
    public Acceptance(
            String acceptId,
            Origin origin,
            Envelope envelope,
            List<Disposition> dispositions,
            byte[] prefix,
            ContentSink content,
            Instant notBefore) {
        this(acceptId, origin, envelope, dispositions, prefix, content, notBefore, Instant.MAX);
    }
}

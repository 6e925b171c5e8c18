package org.posthouse.server;

import org.posthouse.core.ContentSink;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.Origin;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;

import java.time.Instant;
import java.util.List;

/**
 * Takes responsibility for received messages. Bound to the spool by whoever builds the server.
 *
 * @since 0.1
 */
public interface Intake {
    /** A place for the content of one message, to be filled while it arrives. */
    ContentSink openContent();

    /**
     * Accepts a message: durable on a return of {@link Result.Accepted}, and only then is 250 said.
     */
    Result accept(Arrival arrival);

    /**
     * A received message.
     *
     * @param origin where it came from
     * @param envelope who gets it
     * @param dispositions what was decided, one for each recipient in order
     * @param notBefore nobody gets it earlier
     * @param whys the ways to the dispositions, one for each; texts may be empty
     * @param prefix trace and added fields that go before the content
     * @param content the filled sink
     */
    record Arrival(
            Origin origin,
            Envelope envelope,
            List<Disposition> dispositions,
            Instant notBefore,
            List<String> whys,
            byte[] prefix,
            ContentSink content) {}

    /** The answer. */
    sealed interface Result {
        /** Durable. */
        record Accepted(SpoolId id) implements Result {}

        /** Not stored; the reply says why, 4yz. */
        record Refused(Reply reply) implements Result {}
    }
}

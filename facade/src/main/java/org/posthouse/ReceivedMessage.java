package org.posthouse;

import org.posthouse.core.Content;
import org.posthouse.core.Envelope;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.server.SessionView;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message whose content is complete and that is not accepted yet: what the received hook sees and
 * decides about. What the hook says takes effect in the commit that accepts the message, before 250
 * goes out. Doing nothing leaves what the rules decided for each recipient.
 *
 * @since 0.1
 */
public interface ReceivedMessage {
    /** The session it came in by. */
    SessionView session();

    /** Who gets it. */
    Envelope envelope();

    /** The address of MAIL. */
    default ReversePath from() {
        return envelope().reversePath();
    }

    /** The addresses of RCPT. */
    default List<Mailbox> recipients() {
        return envelope().recipients().stream().map(r -> r.mailbox()).toList();
    }

    /** The first field of that name, unfolded, without its name. */
    Optional<String> header(String name);

    /** The Subject field; empty when there is none. */
    default String subject() {
        return header("Subject").orElse("");
    }

    /** Length of the content in octets. */
    long octets();

    /**
     * The content as it is going to be stored, without the fields that are put before it: header
     * section and body. Read from memory or from disk, so a large one costs no memory; good until
     * the hook returns.
     *
     * @throws java.io.UncheckedIOException when the content can't be stored; the message is then
     *     refused with {@code 451 4.3.0}
     */
    Content content();

    /** Adds a field on top. CR and LF in the value are refused. */
    void addHeader(String name, String value);

    /**
     * Passes the message on to the outside, for every recipient that is not local.
     *
     * @throws IllegalStateException when no rule grants it to this session; the message is then
     *     refused
     */
    void relay();

    /** The same by a fixed next hop {@code host:port} instead of the routes. */
    void relay(String via);

    /**
     * The same by this route, whatever recipients it is for: with its hosts, TLS and login.
     *
     * @throws IllegalArgumentException when no route has that name
     */
    void relayBy(String route);

    /**
     * Gives the message to these instead of the addresses of RCPT. Reports about them tell of the
     * new addresses.
     *
     * @throws IllegalStateException when the rules refuse this session one of them; the message is
     *     then refused with their reply
     * @throws IllegalArgumentException when one is no address
     */
    void redirect(String... addresses);

    /** Nobody gets the message before this instant. Its lifetime counts from then on. */
    void notBefore(Instant instant);

    /**
     * How urgent the message is where others wait for the same host: from -9 to 9; urgent from 4
     * on, bulk below 0. Otherwise 0, but -1 for mail with List-Id or {@code Precedence: bulk}.
     *
     * @throws IllegalArgumentException beyond that
     */
    void priority(int priority);

    /** Keeps the message here for all recipients: nothing is relayed. */
    void store();

    /** Refuses the message with this reply. */
    void refuse(int code, String status, String text);

    /**
     * Refuses it for one recipient with this reply, and leaves it to the others. Only a listener of
     * LMTP can say so.
     *
     * @param recipient one of {@link #recipients}; where an alias stands for it, all of the alias
     *     is refused
     * @throws IllegalStateException in a session of SMTP, which has one reply for all; the message
     *     is then refused with {@code 451 4.3.0}
     * @throws IllegalArgumentException when it is no recipient
     */
    void refuse(Mailbox recipient, int code, String status, String text);

    /** The same as {@link #refuse(int, String, String)}, then closes the connection. */
    void disconnect(int code, String status, String text);

    /**
     * Says this instead of our reply when the message is accepted.
     *
     * @param text behind {@code 250} and the enhanced status
     */
    void reply(String status, String text);

    /** Answers 250 and throws the message away. */
    void discard(Reply reply);
}

package org.posthouse.client;

import org.jspecify.annotations.Nullable;
import org.posthouse.client.ClientSettings.Streaming;
import org.posthouse.core.Dialogue;
import org.posthouse.core.Reply;
import org.posthouse.platform.Connection;
import org.posthouse.platform.TimeSource;
import org.posthouse.platform.TlsFacts;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One conversation with one host, as its client (RFC 5321): opened from greeting to AUTH, then
 * transactions, then QUIT. One thread uses it; {@link #close} may come from any.
 *
 * <p>Transactions are begun and finished in the same order. Where the host offers PIPELINING and
 * CHUNKING and is known well enough, one that is begun leaves at once, so that as many as the
 * {@link StreamWindow} allows are on their way; RSET goes before each but the first, since RFC 3030
 * leaves open in which state a failed BDAT leaves the host. With PIPELINING alone the envelope of
 * the second rides behind the content of the first (RFC 2920 section 3.1). What was begun and can't
 * leave yet is held until its turn. One thread writes and reads: replies that wait to be read are
 * so few that they fit into the buffers between the hosts, which keeps both from waiting for the
 * other.
 *
 * <pre>
 * state      | begin                         | finish                      | quit, close
 * -----------+-------------------------------+-----------------------------+------------
 * ready      | ready: see hasRoom            | ready: the next one may     | closed
 *            |                               | come, or worn: see isUsable |
 * worn       | every recipient LOST          | LOST or AMBIGUOUS           | closed
 * closed     | every recipient LOST          | LOST or AMBIGUOUS           | closed
 * </pre>
 *
 * @since 0.1
 */
public final class ClientSession implements AutoCloseable {
    private static final Duration QUIT_TIMEOUT = Duration.ofSeconds(5);

    /** Some 100 octets each: no more than what a host can say to somebody who does not listen. */
    private static final int REPLIES_DUE_MAX = 400;

    /** Content that is on its way: another transaction leaves only while there is less. */
    private static final long OCTETS_DUE_MAX = 4L << 20;

    /**
     * A host may have closed an idle connection without our knowing; what is streamed into it would
     * have to count as ambiguous. After this time the envelope goes first again.
     */
    private static final Duration STREAM_IDLE_MAX = Duration.ofSeconds(1);

    private final TimeSource time;
    private final Conversation wire;
    private final ClientSettings settings;
    private final Extensions extensions;
    private final Steps steps;
    private final Set<HostTrait> learned;
    private final Set<String> domains = new HashSet<>();
    private final Deque<Exchange> onTheWay = new ArrayDeque<>();
    private final StreamWindow window;
    private long lastAnswerNanos;
    private boolean usable = true;
    private boolean writable = true;
    private boolean clean = true;
    private boolean goodbye;
    private Reply over = Reply.of(421, "4.4.2", "the connection is closed");
    private boolean proven;
    private Tape last;
    private @Nullable Tape opening;
    private final Deque<Tape> spare = new ArrayDeque<>();
    private int begun;
    private int repliesDue;
    private long octetsDue;
    private int transactions;
    private int finished;

    ClientSession(
            TimeSource time,
            Conversation wire,
            ClientSettings settings,
            Extensions extensions,
            Steps steps,
            Set<HostTrait> learned) {
        this.time = time;
        lastAnswerNanos = time.nanos();
        this.wire = wire;
        this.settings = settings;
        this.extensions = extensions;
        this.steps = steps;
        this.learned = learned;
        opening = wire.tape();
        last = wire.tape();
        window = new StreamWindow(settings.knows(HostTrait.CUT));
        proven = settings.streaming() == Streaming.TRUSTED || settings.knows(HostTrait.PROVEN);
    }

    /**
     * Talks to a host up to the point where a transaction may begin: greeting, EHLO (HELO where it
     * is not known), STARTTLS and EHLO again, AUTH. Closes the connection where that fails.
     */
    public static Opening open(
            TimeSource time, Connection connection, ClientSettings settings, Steps steps) {
        return new Opener(time, new Conversation(time, connection), settings, steps).open();
    }

    /**
     * Sends one message: one round trip where the host offers PIPELINING and CHUNKING and is known
     * well enough, two where it offers one of them.
     *
     * @return an answer for each recipient, in order
     */
    public List<Answer> transact(Transaction transaction) {
        if (!onTheWay.isEmpty()) {
            throw new IllegalStateException("others are on their way");
        }
        begin(transaction);
        return finish();
    }

    /** True when one more may be begun now. */
    public boolean hasRoom() {
        if (!usable || !writable || begun >= extensions.transactionsMax()) {
            return false;
        }
        if (onTheWay.isEmpty()) {
            return true;
        }
        if (onTheWay.getLast().isHeld() || !mayLeaveAhead()) {
            return onTheWay.size() == 1 && mayRide();
        }
        return onTheWay.size() < window.size()
                && repliesDue < REPLIES_DUE_MAX
                && octetsDue < OCTETS_DUE_MAX;
    }

    /** True when this host takes one more transaction with this domain in this conversation. */
    public boolean takesDomain(String domain) {
        return begun < extensions.transactionsMax()
                && (domains.size() < extensions.domainsMax() || domains.contains(domain));
    }

    /** Begins one behind those that are on their way. */
    public void begin(Transaction transaction) {
        Tape tape = spare.isEmpty() ? new Tape() : spare.remove();
        tape.begin(time.nanos());
        var exchange = new Exchange(wire, settings, extensions, steps, transaction, tape);
        boolean behindAnother = !onTheWay.isEmpty();
        boolean behindHeld = behindAnother && onTheWay.getLast().isHeld();
        onTheWay.add(exchange);
        begun++;
        repliesDue += exchange.replies();
        octetsDue += exchange.octets();
        noteDomains(transaction);
        if (usable && writable && !behindHeld && mayStream(behindAnother) && exchange.isSmall()) {
            writable = exchange.stream(behindAnother, time);
        }
    }

    /**
     * Brings the first of those that were begun to its end.
     *
     * @return an answer for each recipient, in order
     */
    public List<Answer> finish() {
        Exchange exchange = onTheWay.remove();
        repliesDue -= exchange.replies();
        octetsDue -= exchange.octets();
        turnTo(exchange.tape());
        if (!usable) {
            return exchange.abandon(goodbye, over);
        }
        Exchange next = mayRide() ? onTheWay.peek() : null;
        List<Answer> answers = exchange.finish(!clean, next);
        lastAnswerNanos = time.nanos();
        if (exchange.isStreamed()) {
            window.answered(lastAnswerNanos - exchange.writtenNanos(), onTheWay.size() + 1);
        }
        learned.addAll(exchange.course().learned());
        if (!proven && exchange.brokeAtChunk()) {
            learned.add(HostTrait.NO_CHUNKING);
        }
        clean = exchange.course().isClean();
        if (exchange.course().wentWell()) {
            transactions++;
            proven = true;
        }
        boolean isNewOneNeeded = learned.contains(HostTrait.NO_CHUNKING) && !isAnyStreamed();
        if (!exchange.course().isUsable() || isNewOneNeeded) {
            usable = false;
            goodbye = exchange.course().saidGoodbye() && !(isAnyStreamed() && saysMore());
            over = answers.get(answers.size() - 1).reply();
            wire.close();
        }
        return answers;
    }

    private void turnTo(Tape tape) {
        if (finished > 0) {
            spare.add(last);
            opening = null;
        }
        last = tape;
        finished++;
    }

    /**
     * What was said in the transaction that was finished last, and before it when it was the first
     * one of this conversation. To be asked before the next one is finished.
     */
    public Dialogue dialogue() {
        Tape before = opening;
        return before == null || before.equals(last) ? last.dialogue() : last.behind(before);
    }

    private boolean isAnyStreamed() {
        return !onTheWay.isEmpty() && onTheWay.getFirst().isStreamed();
    }

    /**
     * It said 421 and goes on all the same: it may take what stands behind, and is not streamed to.
     */
    private boolean saysMore() {
        try {
            Reply unused = wire.reply(QUIT_TIMEOUT);
        } catch (GarbledReply e) {
            // that is more, too
        } catch (IOException e) {
            return false;
        }
        learned.add(HostTrait.NO_STREAMING);
        return true;
    }

    /** How many were begun and not finished. */
    public int onTheWay() {
        return onTheWay.size();
    }

    /** What this conversation taught about the host, as far as it is not said in its replies. */
    public Set<HostTrait> learned() {
        return Set.copyOf(learned);
    }

    /** False once the connection is lost or the host said goodbye: only {@link #quit} is left. */
    public boolean isUsable() {
        return usable;
    }

    /** Transactions that ended with the host taking the message. */
    public int transactions() {
        return transactions;
    }

    /** What the host offers. */
    public Extensions extensions() {
        return extensions;
    }

    /** The facts of TLS; empty on clear text. */
    public Optional<TlsFacts> tls() {
        return wire.connection().tls();
    }

    /** The connection's two ends, for logs. */
    public Connection connection() {
        return wire.connection();
    }

    /** Says QUIT where the conversation still stands, waits shortly for the reply, and closes. */
    public void quit() {
        if (usable) {
            usable = false;
            try {
                Reply unused = wire.exchange("QUIT\r\n", QUIT_TIMEOUT);
            } catch (IOException e) {
                // it is over either way
            }
        }
        wire.close();
    }

    /** Cuts the conversation, at whatever point it is. */
    @Override
    public void close() {
        wire.close();
    }

    /** Content may leave at once: nobody knows whether an idle connection still stands. */
    private boolean mayStream(boolean behindAnother) {
        boolean fresh = time.nanos() - lastAnswerNanos < STREAM_IDLE_MAX.toNanos();
        return mayLeaveAhead() && extensions.chunking() && (behindAnother || (clean && fresh));
    }

    /** With PIPELINING alone. */
    private boolean mayRide() {
        return mayLeaveAhead() && !extensions.chunking();
    }

    private boolean mayLeaveAhead() {
        return proven
                && extensions.pipelining()
                && settings.streaming() != Streaming.OFF
                && !settings.knows(HostTrait.NO_STREAMING)
                && !learned.contains(HostTrait.NO_STREAMING)
                && !learned.contains(HostTrait.NO_CHUNKING);
    }

    private void noteDomains(Transaction transaction) {
        if (extensions.domainsMax() != Integer.MAX_VALUE) {
            transaction.recipients().forEach(each -> domains.add(each.mailbox().domain()));
        }
    }
}

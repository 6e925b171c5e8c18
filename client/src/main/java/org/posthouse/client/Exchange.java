package org.posthouse.client;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Reply;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * One transaction on the wire, used once. The envelope leaves in one write where the host offers
 * PIPELINING, with DATA behind it. It may leave before its turn: {@link #stream streamed} with its
 * content, where the host offers CHUNKING too and is known well enough, or {@link #ride riding}
 * behind the content of the one before. Replies are matched in order, in {@link #finish}. A
 * recipient whose answer is not settled when the conversation breaks is AMBIGUOUS from the moment
 * on when the last octet was handed over, LOST before. What came of it so far is its {@link
 * Course}.
 */
final class Exchange {
    /**
     * Content up to this size may leave with its envelope. It is read and written block by block,
     * so that no size costs memory; but all of it is sent even if nobody is accepted.
     */
    static final int STREAMED_OCTETS_MAX = 1 << 20;

    /** To RSET, MAIL and the end of the content, or DATA. */
    private static final int OTHER_REPLIES = 4;

    /** What of it was written before its turn. */
    private enum Ahead {
        NOTHING,
        ENVELOPE,
        ALL
    }

    private final Conversation wire;
    private final ClientTimeouts timeouts;
    private final boolean cutBefore;
    private final Extensions extensions;
    private final Steps steps;
    private final boolean isLmtp;
    private final Transaction transaction;
    private final Fit fit;
    private final TransactionWriter writer;
    private final Tape tape;
    private final Course course;
    private final ContentPhase content;
    private final boolean[] sent;
    private Ahead ahead = Ahead.NOTHING;
    private boolean resetDue;
    private boolean brokeAtChunk;
    private long writtenNanos;
    private @Nullable Exchange behind;

    Exchange(
            Conversation wire,
            ClientSettings settings,
            Extensions extensions,
            Steps steps,
            Transaction transaction,
            Tape tape) {
        this.wire = wire;
        this.tape = tape;
        this.timeouts = settings.timeouts();
        cutBefore = settings.knows(HostTrait.CUT);
        this.extensions = extensions;
        this.steps = steps;
        isLmtp = settings.protocol().isLmtp();
        this.transaction = transaction;
        fit = new Fit(extensions, transaction, safety(wire, settings));
        writer = new TransactionWriter(wire, timeouts, extensions, transaction, fit);
        course = new Course(transaction.recipients().size());
        content = new ContentPhase(wire, settings, steps, writer, course);
        sent = new boolean[course.recipients()];
    }

    private static Fit.Safety safety(Conversation wire, ClientSettings settings) {
        if (settings.protocol() == ClientSettings.Protocol.LMTP_HERE) {
            return Fit.Safety.HERE;
        }
        return settings.provesTheHost() && wire.isSecured() ? Fit.Safety.PROVED : Fit.Safety.NONE;
    }

    /** What came of it. */
    Course course() {
        return course;
    }

    /** Nothing was written before its turn. */
    boolean isHeld() {
        return ahead == Ahead.NOTHING;
    }

    /** It left before the envelope was answered, content and all. */
    boolean isStreamed() {
        return ahead == Ahead.ALL;
    }

    /** The host took the envelope and left at the content, which went by BDAT. */
    boolean brokeAtChunk() {
        return brokeAtChunk;
    }

    /** What was said. */
    Tape tape() {
        return tape;
    }

    /** When its last octet was written, by the monotonic clock. */
    long writtenNanos() {
        return writtenNanos;
    }

    /** Small enough to leave with its envelope. */
    boolean isSmall() {
        return transaction.content().octets() <= STREAMED_OCTETS_MAX;
    }

    long octets() {
        return transaction.content().octets();
    }

    /** Replies that are due for it. */
    int replies() {
        return (isLmtp ? 2 : 1) * sent.length + OTHER_REPLIES;
    }

    /**
     * Writes it whole before its turn.
     *
     * @param behindAnother RSET goes first: what becomes of the transaction before is not known yet
     * @return false when the conversation can't be written to any more
     */
    boolean stream(boolean behindAnother, TimeSource time) {
        wire.onto(tape);
        try {
            if (!behindAnother) {
                wire.requireSilence();
            }
            if (isSupported()) {
                ahead = Ahead.ALL;
                resetDue = behindAnother;
                addEnvelope();
                writer.chunk();
                steps.reached(Step.MAIL);
                wire.flush(timeouts.dataBlock());
                course.handOver();
            }
        } catch (UnaskedReply e) {
            course.learnOutOfTurn();
            course.end();
            course.fill(Answer.Kind.LOST, Conversation.wordsFor(e, course.when()));
        } catch (IOException e) {
            if (ahead != Ahead.ALL) {
                course.end();
            }
            course.fill(Answer.Kind.LOST, Conversation.wordsFor(e, course.when()));
        } catch (UncheckedIOException e) {
            course.fill(Answer.Kind.LOST, unreadable());
        }
        writtenNanos = time.nanos();
        return course.isHandedOver() || ahead == Ahead.NOTHING;
    }

    /** Its envelope and DATA join what is written next. */
    void ride() {
        if (ahead == Ahead.NOTHING && isSupported()) {
            ahead = Ahead.ENVELOPE;
            resetDue = true;
            Tape others = wire.tape();
            wire.onto(tape);
            addEnvelope();
            wire.add("DATA\r\n");
            wire.leaves();
            wire.onto(others);
        }
    }

    /**
     * Brings it to an end.
     *
     * @param resetFirst the host may be in a transaction: RSET goes first
     * @param next its envelope may ride behind this content; null for none
     */
    List<Answer> finish(boolean resetFirst, @Nullable Exchange next) {
        behind = next;
        course.leaves(!resetFirst);
        wire.onto(tape);
        try {
            converse(resetFirst);
        } catch (UnaskedReply e) {
            course.learnOutOfTurn();
            breakOff(Conversation.wordsFor(e, course.when()));
        } catch (GarbledReply e) {
            course.learnLostStep();
            breakOff(Conversation.wordsFor(e, course.when()));
        } catch (IOException e) {
            learnFromCut(e);
            breakOff(Conversation.wordsFor(e, course.when()));
        } catch (UncheckedIOException e) {
            breakOff(unreadable());
        }
        return course.all();
    }

    /** The conversation ended before its turn. */
    List<Answer> abandon(boolean afterGoodbye, Reply words) {
        course.end();
        if (!afterGoodbye) {
            breakOff(words);
        }
        course.fill(Answer.Kind.LOST, words);
        return course.all();
    }

    private void breakOff(Reply words) {
        course.end();
        wire.onto(tape);
        wire.note(words.lines().getFirst());
        course.fill(course.lost(), words);
    }

    private static Reply unreadable() {
        return Reply.of(451, "4.3.0", "the content can't be read from the spool");
    }

    /**
     * A host that leaves a second time without a word to what was streamed takes no further message
     * over a connection, or only some: what it never saw must not count as ambiguous each time.
     */
    private void learnFromCut(IOException how) {
        brokeAtChunk =
                !(how instanceof DeadlineExceeded)
                        && ahead != Ahead.ENVELOPE
                        && extensions.chunking()
                        && course.isHandedOver()
                        && course.stage() == Stage.CONTENT;
        if (ahead == Ahead.ALL) {
            course.learn(HostTrait.CUT);
            if (cutBefore && course.stage() == Stage.MAIL) {
                course.learn(HostTrait.NO_STREAMING);
            }
        }
    }

    /** Sorts out what this host can't take; true when somebody is left. */
    private boolean isSupported() {
        Reply refusal = fit.unsupported();
        if (refusal != null) {
            course.fill(Answer.Kind.UNSUPPORTED, refusal);
            return false;
        }
        for (int i = 0; i < sent.length; i++) {
            Reply reply = fit.unsupported(transaction.recipients().get(i).mailbox());
            if (reply != null) {
                course.refuse(i, reply);
            }
            sent[i] = course.isOpen(i);
        }
        return course.isAnyoneOpen();
    }

    private void converse(boolean resetFirst) throws IOException {
        switch (ahead) {
            case NOTHING -> {
                if (course.isAnyoneOpen() && isSupported()) {
                    course.leaves(false);
                    resetDue = resetFirst;
                    wire.requireSilence();
                    alone();
                }
            }
            case ENVELOPE -> {
                course.leaves(false);
                if (envelopeReplies()) {
                    content.data(wire.reply(timeouts.command()), behind);
                }
            }
            case ALL -> {
                course.leaves(false);
                if (!course.isHandedOver()) {
                    course.end();
                } else if (envelopeReplies()) {
                    content.chunkReply();
                }
            }
        }
    }

    private void alone() throws IOException {
        if (!extensions.pipelining()) {
            lockStep();
            return;
        }
        addEnvelope();
        if (!extensions.chunking()) {
            wire.add("DATA\r\n");
        }
        steps.reached(Step.MAIL);
        wire.flush(timeouts.command());
        if (!envelopeReplies()) {
            return;
        }
        if (!extensions.chunking()) {
            content.data(wire.reply(timeouts.command()), behind);
        } else if (course.isAnyoneOpen()) {
            content.chunk();
        }
    }

    private void addEnvelope() {
        if (resetDue) {
            wire.add("RSET\r\n");
        }
        writer.mail();
        for (int i = 0; i < sent.length; i++) {
            if (sent[i]) {
                writer.rcpt(transaction.recipients().get(i));
            }
        }
    }

    private void lockStep() throws IOException {
        if (resetDue) {
            wire.add("RSET\r\n");
            wire.flush(timeouts.command());
            if (!resetReply()) {
                return;
            }
        }
        steps.reached(Step.MAIL);
        writer.mail();
        wire.flush(timeouts.command());
        mailReply();
        course.enter(Stage.RCPT);
        steps.reached(Step.RCPT);
        for (int i = 0; i < sent.length && course.isUsable(); i++) {
            if (sent[i] && course.isOpen(i)) {
                wire.requireSilence();
                writer.rcpt(transaction.recipients().get(i));
                wire.flush(timeouts.command());
                rcptReply(i);
            }
        }
        if (!course.isUsable() || !course.isAnyoneOpen()) {
            return;
        }
        if (extensions.chunking()) {
            content.chunk();
        } else {
            course.enter(Stage.DATA);
            wire.requireSilence();
            content.data(wire.exchange("DATA\r\n", timeouts.command()), behind);
        }
    }

    /** Reads the replies to a pipelined envelope; false when the conversation is over. */
    private boolean envelopeReplies() throws IOException {
        if (resetDue && !resetReply()) {
            return false;
        }
        mailReply();
        course.enter(Stage.RCPT);
        steps.reached(Step.RCPT);
        for (int i = 0; i < sent.length && course.isUsable(); i++) {
            if (sent[i]) {
                rcptReply(i);
            }
        }
        return course.isUsable();
    }

    /** Whatever was streamed behind a RSET that was not taken may have gone anywhere. */
    private boolean resetReply() throws IOException {
        Reply reply = wire.reply(timeouts.command());
        course.endIfClosing(reply, Answer.Kind.LOST);
        if (course.isUsable() && reply.code() != 250) {
            if (ahead != Ahead.NOTHING) {
                course.learnLostStep();
            }
            breakOff(Reply.of(421, "4.5.0", "the host did not accept RSET"));
        }
        return course.isUsable();
    }

    private void mailReply() throws IOException {
        Reply reply = envelopeReply();
        if (!reply.isPositive()) {
            course.fill(Answer.Kind.SAID, reply);
        }
    }

    private void rcptReply(int index) throws IOException {
        Reply reply = envelopeReply();
        if (!reply.isPositive()) {
            course.answer(index, Answer.Kind.SAID, reply);
        }
    }

    private Reply envelopeReply() throws IOException {
        Reply reply = wire.reply(timeouts.command());
        if (reply.isIntermediate()) {
            throw new GarbledReply("a reply that does not fit: " + reply);
        }
        course.endIfClosing(reply, Answer.Kind.SAID);
        return reply;
    }
}

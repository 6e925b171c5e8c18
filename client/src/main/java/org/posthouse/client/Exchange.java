package org.posthouse.client;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Reply;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One transaction on the wire, used once. The envelope leaves in one write where the host offers
 * PIPELINING, with DATA behind it. It may leave before its turn: {@link #stream streamed} with its
 * content, where the host offers CHUNKING too and is known well enough, or {@link #ride riding}
 * behind the content of the one before. Replies are matched in order, in {@link #finish}. A
 * recipient whose answer is not settled when the conversation breaks is AMBIGUOUS from the moment
 * on when the last octet was handed over, LOST before.
 *
 * <p>In LMTP (RFC 2033 section 4.2) the content has one reply for each recipient that was taken, in
 * order, and none of its own. Each settles its recipient at once: when the conversation breaks
 * between them, those that came count, and the others are AMBIGUOUS.
 */
final class Exchange {
    /**
     * Content up to this size may leave with its envelope. It is read and written block by block,
     * so that no size costs memory; but all of it is sent even if nobody is accepted.
     */
    static final int STREAMED_OCTETS_MAX = 1 << 20;

    private static final int SERVICE_CLOSING = 421;
    private static final int SYNTAX = 500;

    /** To RSET, MAIL and the end of the content, or DATA. */
    private static final int OTHER_REPLIES = 4;

    private static final int NO_PARAMETER = 504;

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
    private final @Nullable Answer[] answers;
    private final boolean[] sent;
    private final Set<HostTrait> learned = EnumSet.noneOf(HostTrait.class);
    private Stage stage = Stage.MAIL;
    private Ahead ahead = Ahead.NOTHING;
    private boolean resetDue;
    private boolean handedOver;
    private boolean goodbye;
    private long writtenNanos;
    private @Nullable Exchange behind;
    private boolean usable = true;
    private boolean clean = true;
    private boolean isOutOfTurn;

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
        answers = new Answer[transaction.recipients().size()];
        sent = new boolean[answers.length];
    }

    private static Fit.Safety safety(Conversation wire, ClientSettings settings) {
        if (settings.protocol() == ClientSettings.Protocol.LMTP_HERE) {
            return Fit.Safety.HERE;
        }
        return settings.provesTheHost() && wire.isSecured() ? Fit.Safety.PROVED : Fit.Safety.NONE;
    }

    /** The conversation goes on after this transaction. */
    boolean isUsable() {
        return usable;
    }

    /** The host stands before MAIL again; otherwise a RSET is due. */
    boolean isClean() {
        return clean;
    }

    /** The host took the message for somebody. */
    boolean wentWell() {
        return Arrays.stream(answers).anyMatch(answer -> answer != null && answer.isDelivered());
    }

    /** The host said 421: what stands behind was not taken. */
    boolean saidGoodbye() {
        return goodbye;
    }

    /** What it taught about the host. */
    Set<HostTrait> learned() {
        return learned;
    }

    /** Nothing was written before its turn. */
    boolean isHeld() {
        return ahead == Ahead.NOTHING;
    }

    /** It left before the envelope was answered, content and all. */
    boolean isStreamed() {
        return ahead == Ahead.ALL;
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
        return (isLmtp ? 2 : 1) * answers.length + OTHER_REPLIES;
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
                requireSilence();
            }
            if (isSupported()) {
                ahead = Ahead.ALL;
                resetDue = behindAnother;
                addEnvelope();
                writer.chunk();
                steps.reached(Step.MAIL);
                wire.flush(timeouts.dataBlock());
                handedOver = true;
            }
        } catch (IOException e) {
            usable = ahead == Ahead.ALL;
            fill(Answer.Kind.LOST, Conversation.wordsFor(e, when()));
        } catch (UncheckedIOException e) {
            fill(Answer.Kind.LOST, unreadable());
        }
        writtenNanos = time.nanos();
        return handedOver || ahead == Ahead.NOTHING;
    }

    /** Its envelope and DATA join what is written next. */
    private void ride() {
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
        clean = !resetFirst;
        wire.onto(tape);
        try {
            converse(resetFirst);
        } catch (GarbledReply e) {
            lostStep();
            breakOff(Conversation.wordsFor(e, when()));
        } catch (IOException e) {
            learnFromCut();
            breakOff(Conversation.wordsFor(e, when()));
        } catch (UncheckedIOException e) {
            breakOff(unreadable());
        }
        return all();
    }

    /** The conversation ended before its turn. */
    List<Answer> abandon(boolean afterGoodbye, Reply words) {
        usable = false;
        if (!afterGoodbye) {
            breakOff(words);
        }
        fill(Answer.Kind.LOST, words);
        return all();
    }

    private void breakOff(Reply words) {
        usable = false;
        wire.onto(tape);
        wire.note(words.lines().getFirst());
        fill(lost(), words);
    }

    private static Reply unreadable() {
        return Reply.of(451, "4.3.0", "the content can't be read from the spool");
    }

    /** The replies do not fit what was sent. */
    private void lostStep() {
        if (isOutOfTurn) {
            return;
        }
        learned.add(handedOver ? HostTrait.NO_STREAMING : HostTrait.NO_PIPELINING);
    }

    /**
     * A host that leaves a second time without a word to what was streamed takes no further message
     * over a connection, or only some: what it never saw must not count as ambiguous each time.
     */
    private void learnFromCut() {
        if (ahead == Ahead.ALL) {
            learned.add(HostTrait.CUT);
            if (cutBefore && stage == Stage.MAIL) {
                learned.add(HostTrait.NO_STREAMING);
            }
        }
    }

    /** Who reads a log or a report must see where a second copy may come from. */
    private String when() {
        return handedOver ? "after the whole message (perhaps delivered)" : "in " + stage;
    }

    /** A host that talks out of turn gets content by DATA: 354 shows who answers to what. */
    private void requireSilence() throws IOException {
        try {
            wire.requireSilence();
        } catch (GarbledReply e) {
            isOutOfTurn = true;
            learned.add(HostTrait.NO_CHUNKING);
            learned.add(HostTrait.NO_STREAMING);
            throw e;
        }
    }

    private Answer.Kind lost() {
        return handedOver ? Answer.Kind.AMBIGUOUS : Answer.Kind.LOST;
    }

    /** Sorts out what this host can't take; true when somebody is left. */
    private boolean isSupported() {
        Reply refusal = fit.unsupported();
        if (refusal != null) {
            fill(Answer.Kind.UNSUPPORTED, refusal);
            return false;
        }
        for (int i = 0; i < answers.length; i++) {
            Reply reply = fit.unsupported(transaction.recipients().get(i).mailbox());
            if (reply != null) {
                answers[i] = new Answer(Answer.Kind.UNSUPPORTED, Stage.RCPT, reply);
            }
        }
        for (int i = 0; i < sent.length; i++) {
            sent[i] = answers[i] == null;
        }
        return isAnyoneOpen();
    }

    private void converse(boolean resetFirst) throws IOException {
        switch (ahead) {
            case NOTHING -> {
                if (isAnyoneOpen() && isSupported()) {
                    clean = false;
                    resetDue = resetFirst;
                    requireSilence();
                    alone();
                }
            }
            case ENVELOPE -> {
                clean = false;
                if (envelopeReplies()) {
                    data(wire.reply(timeouts.command()));
                }
            }
            case ALL -> {
                clean = false;
                if (handedOver && envelopeReplies()) {
                    chunkReply();
                }
                usable = usable && handedOver;
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
            data(wire.reply(timeouts.command()));
        } else if (isAnyoneOpen()) {
            chunk();
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
        stage = Stage.RCPT;
        steps.reached(Step.RCPT);
        for (int i = 0; i < sent.length && usable; i++) {
            if (sent[i] && answers[i] == null) {
                requireSilence();
                writer.rcpt(transaction.recipients().get(i));
                wire.flush(timeouts.command());
                rcptReply(i);
            }
        }
        if (!usable || !isAnyoneOpen()) {
            return;
        }
        if (extensions.chunking()) {
            chunk();
        } else {
            stage = Stage.DATA;
            requireSilence();
            data(wire.exchange("DATA\r\n", timeouts.command()));
        }
    }

    /** Reads the replies to a pipelined envelope; false when the conversation is over. */
    private boolean envelopeReplies() throws IOException {
        if (resetDue && !resetReply()) {
            return false;
        }
        mailReply();
        stage = Stage.RCPT;
        steps.reached(Step.RCPT);
        for (int i = 0; i < sent.length && usable; i++) {
            if (sent[i]) {
                rcptReply(i);
            }
        }
        return usable;
    }

    /** Whatever was streamed behind a RSET that was not taken may have gone anywhere. */
    private boolean resetReply() throws IOException {
        Reply reply = wire.reply(timeouts.command());
        if (reply.code() == SERVICE_CLOSING) {
            usable = false;
            goodbye = true;
            fill(Answer.Kind.LOST, reply);
        } else if (reply.code() != 250) {
            if (ahead != Ahead.NOTHING) {
                lostStep();
            }
            breakOff(Reply.of(421, "4.5.0", "the host did not accept RSET"));
        }
        return usable;
    }

    private void mailReply() throws IOException {
        Reply reply = envelopeReply();
        if (!reply.isPositive()) {
            fill(Answer.Kind.SAID, reply);
        }
    }

    private void rcptReply(int index) throws IOException {
        Reply reply = envelopeReply();
        if (!reply.isPositive() && answers[index] == null) {
            answers[index] = new Answer(Answer.Kind.SAID, stage, reply);
        }
    }

    private Reply envelopeReply() throws IOException {
        Reply reply = wire.reply(timeouts.command());
        if (reply.isIntermediate()) {
            throw new GarbledReply("a reply that does not fit: " + reply);
        }
        endIfClosing(reply);
        return reply;
    }

    /** After 421 nothing more comes (RFC 5321 section 3.8). */
    private void endIfClosing(Reply reply) {
        if (reply.code() == SERVICE_CLOSING) {
            usable = false;
            goodbye = true;
            fill(Answer.Kind.SAID, reply);
        }
    }

    /** Goes on from the reply to DATA. */
    private void data(Reply reply) throws IOException {
        stage = Stage.DATA;
        endIfClosing(reply);
        if (!reply.isIntermediate()) {
            if (reply.isPositive()) {
                throw new GarbledReply("a reply to DATA that does not fit: " + reply);
            }
            fill(Answer.Kind.SAID, reply);
            return;
        }
        if (!isAnyoneOpen()) {
            // Every recipient was refused and it asks for the content all the same.
            endIfClosing(wire.exchange(".\r\n", timeouts.dataEnd()));
            usable = usable && !isLmtp; // nobody knows how many replies that has
            return;
        }
        if (wire.unread().startsWith("2")) {
            throw new GarbledReply("a reply to content that was not sent: " + wire.unread());
        }
        stage = Stage.CONTENT;
        steps.reached(Step.DATA);
        writer.text();
        if (behind != null) {
            behind.ride();
        }
        wire.flush(timeouts.dataBlock());
        handedOver = true;
        last();
    }

    /** The whole content as one chunk (RFC 3030), after the envelope was accepted. */
    private void chunk() throws IOException {
        requireSilence();
        stage = Stage.CONTENT;
        steps.reached(Step.DATA);
        writer.chunk();
        wire.flush(timeouts.dataBlock());
        handedOver = true;
        chunkReply();
    }

    /**
     * One that says that BDAT is unknown is no refusal of the message. In LMTP it is the word for
     * one recipient, whatever its code: others are due behind it, and none may stay unread.
     */
    private void chunkReply() throws IOException {
        Reply reply = contentReply();
        if (!isLmtp && isAnyoneOpen() && isBdatUnknown(reply)) {
            learned.add(HostTrait.NO_CHUNKING);
            clean = false;
            fill(Answer.Kind.LOST, Reply.of(421, "4.5.0", "the host does not take BDAT: " + reply));
        } else {
            settle(reply);
        }
    }

    /** Then the chunk's octets were perhaps taken for commands: a new conversation is needed. */
    private static boolean isBdatUnknown(Reply reply) {
        boolean ofCommands = reply.status().isNone() || reply.status().subject() == 5;
        return reply.code() >= SYNTAX && reply.code() <= NO_PARAMETER && ofCommands;
    }

    /** The reply to the end of the content. */
    private void last() throws IOException {
        settle(contentReply());
    }

    private Reply contentReply() throws IOException {
        stage = Stage.CONTENT;
        Reply reply = wire.reply(timeouts.dataEnd());
        if (reply.isIntermediate()) {
            throw new GarbledReply("a reply to the content that does not fit: " + reply);
        }
        return reply;
    }

    private void settle(Reply reply) throws IOException {
        clean = reply.isPositive() && isAnyoneOpen();
        if (isLmtp && isAnyoneOpen()) {
            settleEach(reply);
        }
        endIfClosing(reply);
        fill(Answer.Kind.SAID, reply);
        if (wentWell()) {
            learned.add(HostTrait.PROVEN);
        }
    }

    /** What a host says for one recipient counts, whatever becomes of the others. */
    private void settleEach(Reply first) throws IOException {
        Reply reply = first;
        boolean isFirst = true;
        for (int i = 0; i < answers.length && usable; i++) {
            if (answers[i] == null) {
                reply = isFirst ? first : contentReply();
                isFirst = false;
                answers[i] = new Answer(Answer.Kind.SAID, stage, reply);
                endUnsaid(reply);
            }
        }
    }

    /**
     * Behind 421 nothing more comes, but the host has had the content: what it made of it for the
     * others it did not say.
     */
    private void endUnsaid(Reply reply) {
        if (reply.code() == SERVICE_CLOSING) {
            usable = false;
            goodbye = true;
            fill(Answer.Kind.AMBIGUOUS, reply);
        }
    }

    private boolean isAnyoneOpen() {
        for (Answer answer : answers) {
            if (answer == null) {
                return true;
            }
        }
        return false;
    }

    private void fill(Answer.Kind kind, Reply reply) {
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                answers[i] = new Answer(kind, stage, reply);
            }
        }
    }

    private List<Answer> all() {
        List<Answer> list = new ArrayList<>(answers.length);
        for (Answer answer : answers) {
            if (answer == null) {
                throw new IllegalStateException("a recipient without an answer");
            }
            list.add(answer);
        }
        return list;
    }
}
